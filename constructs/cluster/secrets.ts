import type { Need } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";

/** Where agents of Vault put what nodes read. */
export const folder = "/etc/rancher/rke2";
export const tokenFile = `${folder}/token`;
export const agentTokenFile = `${folder}/agent-token`;
/** RKE2 reads it after `config.yaml`; its value is a file of YAML, so that no description holds the credentials in it. */
const copiesFile = `${folder}/config.yaml.d/50-snapshots.yaml`;
/** What the cloud's own programs know of it; pods of servers have its folder. */
export const cloudFile = "/etc/kubernetes/cloud.conf";

/**
 * Whoever has the token of servers gets the keys of all CAs of the cluster, so workers have another one.
 * @see https://docs.rke2.io/security/token, server and agent tokens
 */
export const secretsOf = ({ copies, cloud }: Pick<Readers, "copies" | "cloud">): readonly Secret[] => [
  {
    secret: "cluster/token",
    keys: ["token"],
    rotation: {
      steps: [
        "on one server: rke2 token rotate --token <old> --new-token <new>",
        "write the new one, and wait until each server has it in its file",
        "restart the servers, one after another",
        "keep the old one as long as snapshots from before: they open with no other",
      ],
      test: "each server is Ready after its restart",
    },
    why: "servers join the cluster; CAs that etcd keeps are sealed with it",
  },
  {
    secret: "cluster/agent-token",
    keys: ["token"],
    rotation: {
      steps: [
        "write the new one, and wait until each node has it in its file",
        "restart the servers, one after another, then the workers",
      ],
      test: "each worker is Ready after its restart",
    },
    why: "workers join the cluster",
  },
  ...(copies ? [credentials] : []),
  ...(cloud ? [application] : []),
];

const credentials: Secret = {
  secret: "cluster/snapshots",
  keys: ["config"],
  rotation: {
    steps: [
      "make another key at the object store",
      "write etcd-s3-access-key and etcd-s3-secret-key with their values, a line each, as YAML",
      "restart the servers, one after another",
      "withdraw the old key",
    ],
    test: "rke2 etcd-snapshot save, then rke2 etcd-snapshot ls shows one in s3://",
  },
  why: "servers copy snapshots of etcd to another site",
};

const application: Secret = {
  secret: "cluster/cloud",
  keys: ["config"],
  rotation: {
    steps: [
      "make another application credential of the project, a member and restricted",
      "write cloud.conf with it, and wait until each server has it in its file",
      "kubectl -n openstack rollout restart ds/openstack-cloud-controller-manager deploy/openstack-cinder-csi-controllerplugin",
      "delete the old one",
    ],
    test: "a claim of a pod is bound, and its volume is attached",
  },
  why: "the cloud's controller and its volumes for pods",
};

interface Readers {
  readonly server: { readonly role: string };
  /** @default - servers carry the workloads */
  readonly worker: { readonly role: string } | undefined;
  readonly copies: boolean;
  readonly cloud: boolean;
}

/** What hosts read. Nothing restarts for another value: three servers at once would stop the cluster. */
export const readsOf = ({ server, worker, copies, cloud }: Readers): readonly Need[] => [
  reads(server, "cluster/token", "token", tokenFile, "servers join"),
  reads(server, "cluster/agent-token", "token", agentTokenFile, "servers know workers by it"),
  ...(worker ? [reads(worker, "cluster/agent-token", "token", agentTokenFile, "workers join")] : []),
  ...(copies ? [reads(server, "cluster/snapshots", "config", copiesFile, "snapshots are copied")] : []),
  ...(cloud ? [reads(server, "cluster/cloud", "config", cloudFile, "the cloud is asked from servers alone")] : []),
];

const reads = (by: { readonly role: string }, secret: string, key: string, file: string, why: string): Need => ({
  need: "secret",
  by,
  secret,
  key,
  file,
  why,
});
