module helm
go 1.25.0
require helm.sh/helm/v3 v3.19.5
replace k8s.io/api => k8s.io/api v0.34.4
replace k8s.io/apiextensions-apiserver => k8s.io/apiextensions-apiserver v0.34.4
replace k8s.io/apimachinery => k8s.io/apimachinery v0.34.4
replace k8s.io/apiserver => k8s.io/apiserver v0.34.4
replace k8s.io/cli-runtime => k8s.io/cli-runtime v0.34.4
replace k8s.io/client-go => k8s.io/client-go v0.34.4
replace k8s.io/component-base => k8s.io/component-base v0.34.4
replace k8s.io/kubectl => k8s.io/kubectl v0.34.4
