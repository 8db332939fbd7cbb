# lumi-test-ecflow-test: from sites/lumi.ts by databridge synth; what is changed here is undone by databridge configure
vault {
  address = "https://vault.production.home.apps.dte.destination-earth.eu:8200"
  ca_cert = "/usr/local/share/ca-certificates/platform-root.crt"
}

auto_auth {
  method "approle" {
    mount_path = "auth/approle"
    max_backoff = "1m"
    config = {
      role_id_file_path = "/var/lib/vault-agent/role-id"
      secret_id_file_path = "/var/lib/vault-agent/secret-id"
      remove_secret_id_file_after_reading = false
    }
  }
  sink "file" {
    config = { path = "/run/vault-agent/token", mode = 0400 }
  }
}

template_config {
  exit_on_retry_failure = false
  static_secret_render_interval = "5m"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-ecflow-test_-passwords_-ecflow"
  contents = "{{ with secret \"kv-lumi-test/data/test/ecflow/test\" }}{{ with index .Data.data \"ecflow\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-ecflow-test_-passwords_-probe"
  contents = "{{ with secret \"kv-lumi-test/data/test/ecflow/test\" }}{{ with index .Data.data \"probe\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-hpc_-lumi"
  contents = "{{ with secret \"kv-lumi-test/data/test/hpc/lumi\" }}{{ with index .Data.data \"private-key\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-lumi-test_-test_-ecflow_-test.written"
  contents = "{{ with secret \"kv-lumi-test/data/test/ecflow/test\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-lumi-test_-test_-hpc_-lumi.written"
  contents = "{{ with secret \"kv-lumi-test/data/test/hpc/lumi\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/ecflow-test.pem"
  contents = "{{ with pkiCert \"pki-test/issue/lumi-test-ecflow-test\" \"common_name=ecflow-test.test.lumi.apps.dte.destination-earth.eu\" \"ttl=2592000s\" }}{{ .Cert }}{{ .CA }}{{ .Key }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}
