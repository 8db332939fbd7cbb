# marenostrum5-production-cluster-server-3: from sites/marenostrum5.ts by databridge synth; what is changed here is undone by databridge configure
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
  destination = "/var/lib/vault-agent/fetched/etc_-rancher_-rke2_-token"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/cluster/token\" }}{{ with index .Data.data \"token\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-rancher_-rke2_-agent-token"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/cluster/agent-token\" }}{{ with index .Data.data \"token\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-kubernetes_-cloud.conf"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/cluster/cloud\" }}{{ with index .Data.data \"config\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-marenostrum5-production_-production_-cluster_-token.written"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/cluster/token\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-marenostrum5-production_-production_-cluster_-agent-token.written"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/cluster/agent-token\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-marenostrum5-production_-production_-cluster_-cloud.written"
  contents = "{{ with secret \"kv-marenostrum5-production/data/production/cluster/cloud\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}
