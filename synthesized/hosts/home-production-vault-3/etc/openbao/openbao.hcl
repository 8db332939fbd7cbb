# home-production-vault-3: from sites/home.ts by databridge synth; what is changed here is undone by databridge configure
cluster_name = "home-production"
api_addr = "https://vault-3.production.home.apps.dte.destination-earth.eu:8200"
cluster_addr = "https://vault-3.production.home.apps.dte.destination-earth.eu:8201"
ui = false
log_level = "info"

storage "raft" {
  path = "/srv/raft/openbao"
  node_id = "vault-3"
  retry_join {
    leader_api_addr = "https://vault-1.production.home.apps.dte.destination-earth.eu:8200"
    leader_ca_cert_file = "/usr/local/share/ca-certificates/platform-root.crt"
    leader_tls_servername = "vault-1.production.home.apps.dte.destination-earth.eu"
  }
  retry_join {
    leader_api_addr = "https://vault-2.production.home.apps.dte.destination-earth.eu:8200"
    leader_ca_cert_file = "/usr/local/share/ca-certificates/platform-root.crt"
    leader_tls_servername = "vault-2.production.home.apps.dte.destination-earth.eu"
  }
}

listener "tcp" {
  address = "10.10.4.13:8200"
  cluster_address = "10.10.4.13:8201"
  tls_cert_file = "/etc/openbao/tls/tls.crt"
  tls_key_file = "/etc/openbao/tls/tls.key"
  tls_min_version = "tls13"
  proxy_protocol_behavior = "allow_authorized"
  proxy_protocol_authorized_addrs = ["10.10.0.11"]
  telemetry {
    unauthenticated_metrics_access = true
  }
}

user_lockout "approle" {
  disable_lockout = "true"
}

telemetry {
  prometheus_retention_time = "24h"
  disable_hostname = true
}

audit "file" "file" {
  description = "every request"
  options = { file_path = "/var/log/openbao/audit.log" }
}

audit "syslog" "journal" {
  description = "every request"
  options = { facility = "AUTH", tag = "openbao" }
}
