/** What a site file is written with; components come from `constructs/specs`. */
export { acknowledge } from "./site/acknowledgement";
export { openstack, vm } from "./site/cloud";
export { copiedEvery, logServer, tunnel } from "./site/hpc-jobs";
export { destroyed, released } from "./site/moves";
export { cpu, gpu } from "./site/partition";
export type { PlaceName } from "./site/place-name";
export { site } from "./site/site";
export { ofEasyBuild, ofModule, ofNobody, ofSystem } from "./site/software";
export { http, pg, s3 } from "./site/state";
export { operatorCertificate, person, registeredKey, service, signedKey, slurm } from "./site/supercomputer";
export { assumed } from "./words/assumed";
export { network, shared } from "./words/network-block";
export { allocated, granted, pending } from "./words/public-address";
export { days, gib, hours, mbitPerSecond, mib, minutes, tib } from "./words/quantity";
