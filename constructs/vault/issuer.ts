import { Mount } from "@cdktf/provider-vault/lib/mount";
import { PkiSecretBackendConfigIssuers } from "@cdktf/provider-vault/lib/pki-secret-backend-config-issuers";
import { PkiSecretBackendIntermediateCertRequest } from "@cdktf/provider-vault/lib/pki-secret-backend-intermediate-cert-request";
import { PkiSecretBackendIntermediateSetSigned } from "@cdktf/provider-vault/lib/pki-secret-backend-intermediate-set-signed";
import { PkiSecretBackendRole } from "@cdktf/provider-vault/lib/pki-secret-backend-role";
import { PkiSecretBackendRootCert } from "@cdktf/provider-vault/lib/pki-secret-backend-root-cert";
import { PkiSecretBackendRootSignIntermediate } from "@cdktf/provider-vault/lib/pki-secret-backend-root-sign-intermediate";
import { propertyAccess, Token } from "cdktf";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";
import type { Duration } from "../../model/words/quantity";

/** Elliptic curves that every client of ours knows: P-384 for issuers, P-256 for those who renew often. */
const strong = { keyType: "ec", keyBits: 384 };
const quick = { keyType: "ec", keyBits: 256 };

export interface RootIssuerProps {
  readonly path: string;
  readonly name: string;
  readonly lifetime: Duration;
}

/** The root of certificates, whose key never leaves Vault. Stateful: everybody trusts it. */
export class RootIssuer extends Construct {
  readonly path: string;
  readonly certificate: PkiSecretBackendRootCert;

  constructor(scope: Construct, id: string, { path, name, lifetime }: RootIssuerProps) {
    super(scope, id);
    const mount = new Mount(this, "Resource", {
      path,
      type: "pki",
      maxLeaseTtlSeconds: lifetime.seconds,
      description: "root of certificates",
    });
    keep(mount, "issuer of certificates");
    this.path = mount.path;
    this.certificate = new PkiSecretBackendRootCert(this, "certificate", {
      backend: mount.path,
      type: "internal",
      commonName: name,
      ttl: `${lifetime.seconds}s`,
      ...strong,
    });
    keep(this.certificate, "issuer of certificates");
  }
}

export interface IssuerProps {
  readonly path: string;
  readonly name: string;
  readonly root: RootIssuer;
  readonly lifetime: Duration;
  /** Another one makes another key and certificate, which issues from then on. */
  readonly generation: number;
}

/**
 * What issues the certificates of an environment. Stateful: its key never leaves Vault. Certificates end after weeks; no client of
 * ours asks for lists of revoked ones, so there are none. Of an earlier generation the certificate stays where it is, so that what
 * it issued leads to the root until it ends: Terraform forgets it, and Vault does not.
 */
export class Issuer extends Construct {
  private readonly path: string;
  private readonly chosen: PkiSecretBackendConfigIssuers;

  constructor(scope: Construct, id: string, { path, name, root, lifetime, generation }: IssuerProps) {
    super(scope, id);
    const mount = new Mount(this, "Resource", {
      path,
      type: "pki",
      maxLeaseTtlSeconds: lifetime.seconds,
      description: name,
    });
    keep(mount, "issuer of certificates");
    this.path = mount.path;
    const numbered = (what: string): string => (generation === 1 ? what : `${what}-${generation}`);
    const request = new PkiSecretBackendIntermediateCertRequest(this, numbered("request"), {
      backend: mount.path,
      type: "internal",
      keyName: `generation-${generation}`,
      commonName: name,
      ...strong,
    });
    const certificate = new PkiSecretBackendRootSignIntermediate(this, numbered("certificate"), {
      backend: root.path,
      csr: request.csr,
      issuerRef: root.certificate.issuerId,
      commonName: name,
      ttl: `${lifetime.seconds}s`,
    });
    const signed = new PkiSecretBackendIntermediateSetSigned(this, numbered("signed"), {
      backend: mount.path,
      certificate: certificate.certificateBundle,
    });
    this.chosen = new PkiSecretBackendConfigIssuers(this, "default", {
      backend: mount.path,
      // The first of the bundle; the root above it comes second, the first time.
      default: Token.asString(propertyAccess(signed.importedIssuers, [0])),
      defaultFollowsLatestIssuer: false,
    });
  }

  /** Lets whoever may, be issued certificates with these names and no others. */
  addRole(id: string, { names, lifetime, isClient }: IssuerRoleProps): void {
    new PkiSecretBackendRole(this, id, {
      backend: this.path,
      name: id,
      allowedDomains: [...names],
      allowBareDomains: true,
      allowSubdomains: false,
      allowGlobDomains: false,
      allowAnyName: false,
      allowLocalhost: false,
      allowIpSans: false,
      allowWildcardCertificates: false,
      enforceHostnames: true,
      serverFlag: true,
      clientFlag: isClient,
      codeSigningFlag: false,
      emailProtectionFlag: false,
      requireCn: true,
      ttl: String(lifetime.seconds),
      maxTtl: String(lifetime.seconds),
      ...quick,
      dependsOn: [this.chosen],
    });
  }
}

export interface IssuerRoleProps {
  readonly names: readonly string[];
  readonly lifetime: Duration;
  /** Whether it also proves who connects. */
  readonly isClient: boolean;
}
