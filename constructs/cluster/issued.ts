import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { Construct } from "constructs";
import { commonNameOf, isMutual, ofPods, type PodCertificate } from "../../model/certificates";
import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { accountOf, signerOf } from "../vault/access";
import { mounts } from "../vault/policy";
import { vaultOf } from "../vault/where";
import type { Brought } from "./kept";
import { tokenFor, vaultServer } from "./vault-server";

/**
 * What cert-manager has to know: where Vault signs, as whom it asks, and for which names. The key is made on the cluster, another one
 * with each certificate. It asks as the account of the workload, so nobody in the namespace is issued more than that workload.
 * @see cert-manager, Vault issuer, "Vault Authentication Method: JWT"; Certificate, v1
 */
export function issuedTo(workload: string, place: PlaceEntry, registers: Registers): Brought {
  const vault = vaultOf(place, registers);
  const mine = ofPods(registers.certificates).filter(
    (each) => each.place.id === place.id && each.workload === workload,
  );
  if (!vault) return { objects: [], kept: [] };
  return {
    objects: mine.flatMap((certificate) => {
      const metadata = { name: nameOf(certificate) };
      const kubernetes = {
        mountPath: `/v1/auth/${mounts.podsOf(place.id)}`,
        role: accountOf(place, workload),
        ...tokenFor(workload),
      };
      const { lifetime, names } = certificate;
      return [
        {
          apiVersion: "cert-manager.io/v1",
          kind: "Issuer",
          metadata,
          spec: { vault: { ...vaultServer(vault, place), path: signerOf(certificate), auth: { kubernetes } } },
        },
        {
          apiVersion: "cert-manager.io/v1",
          kind: "Certificate",
          metadata,
          spec: {
            secretName: metadata.name,
            issuerRef: { group: "cert-manager.io", kind: "Issuer", ...metadata },
            commonName: commonNameOf(names),
            dnsNames: names,
            duration: `${lifetime.seconds}s`,
            renewBefore: `${Math.floor(lifetime.seconds / 3)}s`,
            privateKey: { algorithm: "ECDSA", size: 256, encoding: "PKCS8", rotationPolicy: "Always" },
            usages: ["digital signature", "server auth", ...(isMutual(certificate) ? ["client auth"] : [])],
          },
        },
      ];
    }),
    kept: mine.flatMap((certificate) =>
      (["certificate", "key", "issuers"] as const).map((which) => ({
        secret: nameOf(certificate),
        key: keys[which],
        file: certificate.files[which],
      })),
    ),
  };
}

const nameOf = ({ workload, service }: PodCertificate): string => `${workload}-${service}-tls`;

/** What cert-manager calls them. @see cert-manager, Certificate: spec.secretName */
const keys = { certificate: "tls.crt", key: "tls.key", issuers: "ca.crt" };

/** Where cert-manager stands, and as whom, by its chart. */
const certManager = { kind: "ServiceAccount", namespace: "cert-manager", name: "cert-manager" };

export interface TokensProps {
  readonly workload: string;
  readonly namespace: string;
}

/** Lets cert-manager have tokens of the account of a workload, and of no other; external-secrets may by its chart. */
export class Tokens extends Construct {
  readonly binding: RoleBindingV1;

  constructor(scope: Construct, id: string, { workload, namespace }: TokensProps) {
    super(scope, id);
    const metadata = { name: `${workload}-certificates`, namespace };
    const role = new RoleV1(this, "role", {
      metadata,
      rule: [{ apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: [workload], verbs: ["create"] }],
    });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
    this.binding = new RoleBindingV1(this, "binding", { metadata, roleRef, subject: [certManager] });
  }
}
