import type { Rule } from "./rule";
import { accountRunOut } from "./rules/account-run-out";
import { disposableInProduction } from "./rules/disposable-in-production";
import { grantRunOut } from "./rules/grant-run-out";
import { imageAssumed } from "./rules/image-assumed";
import { internetExposed } from "./rules/internet-exposed";
import { personInProduction } from "./rules/person-in-production";
import { productionWithoutCalendar } from "./rules/production-without-calendar";
import { productionWithoutStandby } from "./rules/production-without-standby";
import { renewedByAPerson } from "./rules/renewed-by-a-person";
import { secretsByHand } from "./rules/secrets-by-hand";
import { statefulWithoutBackup } from "./rules/stateful-without-backup";
import { unknownSpeaker } from "./rules/unknown-speaker";
import { unobservedTenancy } from "./rules/unobserved-tenancy";
import { userRunOut } from "./rules/user-run-out";

/** All rules, by name. */
export const rules: readonly Rule[] = [
  accountRunOut,
  disposableInProduction,
  grantRunOut,
  imageAssumed,
  internetExposed,
  personInProduction,
  productionWithoutCalendar,
  productionWithoutStandby,
  renewedByAPerson,
  secretsByHand,
  statefulWithoutBackup,
  unknownSpeaker,
  unobservedTenancy,
  userRunOut,
];
