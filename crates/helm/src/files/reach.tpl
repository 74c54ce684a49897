get {{ .Files.Get "a/two.yaml" | printf "%q" }} {{ .Files.Get "nope" | printf "%q" }} {{ .Files.GetBytes "bin" }} {{ .Files.GetBytes "nope" }} {{ index .Files "bin" }} {{ index .Files "nope" }} {{ .Files.nope }} {{ .Files.bin }}
lines {{ .Files.Lines "a/two.yaml" | toJson }} {{ .Files.Lines "nope" | toJson }}  {{ typeOf (.Files.Lines "nope") }}
range {{ range $k, $v := .Files.Glob "**" }}{{ $k }}={{ $v | print | printf "%q" }} {{ typeOf $v }};{{ end }}
json {{ .Files | toJson }} {{ len .Files }} {{ kindOf .Files }} {{ typeOf (.Files.Glob "[") }} {{ len (.Files.Glob "[") }} {{ len (.Files.Glob "*") }}
conf {{ (.Files.Glob "a/**").AsConfig | printf "%q" }} {{ (.Files.Glob "nope").AsConfig | printf "%q" }}  {{ .Files.AsConfig | printf "%q" }}
sec {{ (.Files.Glob "a/**").AsSecrets | printf "%q" }} {{ .Files.AsSecrets | printf "%q" }}
all {{ .Files }} {{ printf "%s %v %T" (.Files.GetBytes "bin") .Files .Files }}
kv1 {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion | toJson }} {{ $k := .Capabilities.KubeVersion }}{{ $k }} {{ $k.String }} {{ $k.GitVersion }} {{ with .Capabilities.KubeVersion }}{{ . }} {{ .String }} {{ .Minor }}{{ end }}
kv2 {{ print .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion | print }} {{ list .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion | printf "%q" }} {{ printf "%v %s" .Capabilities.KubeVersion .Capabilities.KubeVersion }}
hv {{ .Capabilities.HelmVersion }} {{ .Capabilities.HelmVersion | toJson }} {{ .Capabilities.HelmVersion.GoVersion }} {{ kindOf .Capabilities }}  {{ kindOf .Capabilities.KubeVersion }}  {{ typeOf .Capabilities.APIVersions }}
has {{ .Capabilities.APIVersions.Has "apps/v1" }} {{ has "apps/v1" .Capabilities.APIVersions }} {{ .Capabilities.APIVersions | len }} {{ index .Capabilities.APIVersions 0 }}
caps {{ printf "%.100s" (.Capabilities | toJson) }}
capsprint {{ printf "%.80s" (print .Capabilities) }} 
bin {{ .Files.Get "bin" | b64enc }} {{ len (.Files.Get "bin") }}
ann {{ .Chart.IsRoot }} {{ .Chart.Annotations }} {{ .Chart.Annotations | default "d" }} {{ typeOf .Chart.Annotations }}  {{ kindOf .Chart.Annotations }} {{ .Chart.Annotations.x }} {{ index .Chart.Annotations "y" }} {{ len .Chart.Annotations }} {{ range .Chart.Annotations }}x{{ end }} {{ if .Chart.Annotations }}t{{ else }}f{{ end }} {{ hasKey .Chart "Name" }}
