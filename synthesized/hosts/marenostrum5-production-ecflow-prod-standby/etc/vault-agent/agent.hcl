# marenostrum5-production-ecflow-prod-standby: from sites/marenostrum5.ts by databridge synth; what is changed here is undone by databridge configure
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
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-ecflow-prod_-passwords_-ecflow"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/ecflow/prod\" }}{{ with index .Data.data \"ecflow\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-ecflow-prod_-passwords_-probe"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/ecflow/prod\" }}{{ with index .Data.data \"probe\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-ecflow-prod_-passwords_-operators"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/ecflow/prod\" }}{{ with index .Data.data \"operators\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-ecflow-prod_-passwords_-prepifs"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/ecflow/prod\" }}{{ with index .Data.data \"prepifs\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-ecflow-prod_-passwords_-nexhub"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/ecflow/prod\" }}{{ with index .Data.data \"nexhub\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-ecflow-prod_-passwords_-prepml"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/ecflow/prod\" }}{{ with index .Data.data \"prepml\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-aviso_-notifier"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/auth-o-tron/accounts/notifier\" }}{{ with index .Data.data \"password\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-hpc_-marenostrum5"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/hpc/marenostrum5\" }}{{ with index .Data.data \"private-key\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-marenostrum5-production_-production_-ecflow_-prod.written"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/ecflow/prod\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-marenostrum5-production_-production_-auth-o-tron_-accounts_-notifier.written"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/auth-o-tron/accounts/notifier\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-marenostrum5-production_-production_-hpc_-marenostrum5.written"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/hpc/marenostrum5\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/ecflow-prod.pem"
  contents = "{{ with pkiCert \"pki-production/issue/marenostrum5-production-ecflow-prod\" \"common_name=ecflow-prod-standby.production.mn5.apps.dte.destination-earth.eu\" \"alt_names=ecflow-prod.production.mn5.apps.dte.destination-earth.eu\" \"ttl=2592000s\" }}{{ .Cert }}{{ .CA }}{{ .Key }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}
