import { DnsRecordsetV2 } from "@cdktf/provider-openstack/lib/dns-recordset-v2";
import { DnsZoneV2 } from "@cdktf/provider-openstack/lib/dns-zone-v2";
import { Construct } from "constructs";
import { keep } from "../../engine/stateful";

/** A zone in which records stand, whoever made it. */
export interface IDnsZone {
  readonly zoneId: string;
  /** The domain, without a dot at its end. */
  readonly domain: string;
}

/** How a zone is made. */
export interface DnsZoneProps {
  readonly domain: string;
  /** Who answers for it. */
  readonly email: string;
}

/** A zone of the cloud's name service (Designate). Stateful: others delegate to it. */
export class DnsZone extends Construct implements IDnsZone {
  /** A zone that somebody else made. */
  static fromId(zone: IDnsZone): IDnsZone {
    return zone;
  }

  readonly zoneId: string;
  readonly domain: string;

  constructor(scope: Construct, id: string, { domain, email }: DnsZoneProps) {
    super(scope, id);
    this.domain = domain;
    const zone = new DnsZoneV2(this, "Resource", { name: `${domain}.`, email, ttl: 300 });
    keep(zone, "zone");
    this.zoneId = zone.id;
  }
}

/** How a record is made. */
export interface DnsRecordProps {
  readonly zone: IDnsZone;
  /** The full name, without a dot at its end. */
  readonly name: string;
  /** IPv4 addresses. */
  readonly addresses: readonly string[];
}

/** A name for addresses. */
export class DnsRecord extends Construct {
  constructor(scope: Construct, id: string, { zone, name, addresses }: DnsRecordProps) {
    super(scope, id);
    new DnsRecordsetV2(this, "Resource", {
      zoneId: zone.zoneId,
      name: `${name}.`,
      type: "A",
      ttl: 300,
      records: [...addresses],
    });
  }
}
