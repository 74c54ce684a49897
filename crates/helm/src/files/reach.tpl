get {{ .Files.Get "a/two.yaml" | quote }} {{ .Files.Get "nope" | quote }} {{ .Files.GetBytes "bin" }} {{ .Files.GetBytes "nope" }} {{ index .Files "bin" }} {{ index .Files "nope" }} {{ .Files.nope }} {{ .Files.bin }}
lines {{ .Files.Lines "a/two.yaml" | toJson }} {{ .Files.Lines "nope" | toJson }}  {{ typeOf (.Files.Lines "nope") }}
range {{ range $k, $v := .Files.Glob "**" }}{{ $k }}={{ $v | toString | quote }} {{ typeOf $v }};{{ end }}
json {{ .Files | toJson }} {{ len .Files }} {{ kindOf .Files }} {{ typeOf (.Files.Glob "[") }} {{ len (.Files.Glob "[") }} {{ len (.Files.Glob "*") }}
conf {{ (.Files.Glob "a/**").AsConfig | quote }} {{ (.Files.Glob "nope").AsConfig | quote }}  {{ .Files.AsConfig | quote }}
sec {{ (.Files.Glob "a/**").AsSecrets | quote }} {{ .Files.AsSecrets | quote }}
all {{ .Files }} {{ printf "%s %v %T" (.Files.GetBytes "bin") .Files .Files }}
kv1 {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion | toJson }} {{ $k := .Capabilities.KubeVersion }}{{ $k }} {{ $k.String }} {{ $k.GitVersion }} {{ with .Capabilities.KubeVersion }}{{ . }} {{ .String }} {{ .Minor }}{{ end }}
kv2 {{ print .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion | toString }} {{ list .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion | quote }} {{ printf "%v %s" .Capabilities.KubeVersion .Capabilities.KubeVersion }}
hv {{ .Capabilities.HelmVersion }} {{ .Capabilities.HelmVersion | toJson }} {{ .Capabilities.HelmVersion.GoVersion }} {{ kindOf .Capabilities }}  {{ kindOf .Capabilities.KubeVersion }}  {{ typeOf .Capabilities.APIVersions }}
has {{ .Capabilities.APIVersions.Has "apps/v1" }} {{ has "apps/v1" .Capabilities.APIVersions }} {{ .Capabilities.APIVersions | join "," | trunc 20 }} {{ index .Capabilities.APIVersions 0 }}
caps {{ .Capabilities | toJson | trunc 100 }}
capsprint {{ print .Capabilities | trunc 80 }} 
bin {{ .Files.Get "bin" | b64enc }} {{ len (.Files.Get "bin") }}
ann {{ .Chart.IsRoot }} {{ .Chart.Annotations }} {{ .Chart.Annotations | default "d" }} {{ typeOf .Chart.Annotations }}  {{ kindOf .Chart.Annotations }} {{ .Chart.Annotations.x }} {{ index .Chart.Annotations "y" }} {{ len .Chart.Annotations }} {{ range .Chart.Annotations }}x{{ end }} {{ if .Chart.Annotations }}t{{ else }}f{{ end }} {{ hasKey .Chart "Name" }}
