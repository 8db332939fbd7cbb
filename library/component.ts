/** What a component of one's own is written with, beside the vocabulary. */
export { z } from "zod";
export { type CertificateNeed, tlsFiles } from "../model/site/certificate";
export { type Component, component, type Options, type Place } from "../model/site/component";
export {
  type Auth,
  type FlowNeed,
  type Hosts,
  type Need,
  type OurSide,
  type Relayed,
  type Service,
  type ServiceName,
  type TheirSide,
  type Traffic,
  tcp,
  udp,
} from "../model/site/need";
export { home, type PlaceName } from "../model/site/place-name";
export type { Rotation, Secret, SecretNeed } from "../model/site/secret";
export type { Severity, SignalNeed, Threshold, Thresholds } from "../model/site/signal";
export {
  type Apart,
  type BalancerSpec,
  type BucketSpec,
  type Description,
  type Fate,
  fate,
  flavor,
  type HostSpec,
  type SharedAddressSpec,
  type SubnetName,
  type VolumeSpec,
} from "../model/site/specs";
export type {
  Dashboard,
  LogSpec,
  MetricSpec,
  PanelSpec,
  Parser,
  QuerySpec,
  RecordingSpec,
  ScrapeSpec,
} from "../model/site/telemetry";
export type { VaultSpec } from "../model/site/vault";
export type { Cidr, Ipv4 } from "../model/words/address";
export { type Fields, flag, names, oneOf, text, url, whole } from "../model/words/parse";
export type { Problem } from "../model/words/problem";
export { type Duration, type Rate, rate, type Size, size, time } from "../model/words/quantity";
