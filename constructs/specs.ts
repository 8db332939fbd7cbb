/** Everything that a tenancy can run. */
export { backups } from "./backup/spec";
export { cluster, existingCluster } from "./cluster/spec";
export { collector } from "./collector/spec";
export { experiments } from "./ecflow/experiments";
export { ecflow } from "./ecflow/spec";
export { bastion, proxy } from "./edge/spec";
export { fdb } from "./fdb/spec";
export { gitops } from "./gitops/spec";
export { ingress } from "./ingress/spec";
export { modules } from "./modules/spec";
export { monitoring } from "./monitoring/spec";
export { sharedServices } from "./services/spec";
export { existingVault, vault, vaultAgent } from "./vault/spec";
