#!/usr/bin/env node
// Applies a stack from where Vault is reached: apply.mjs ADDRESS CA STACK, with VAULT_TOKEN.
import { readFileSync } from "node:fs";
import { apply } from "../vault/adapter.mjs";
import { Api } from "../vault/api.mjs";
import { schemas } from "../vault/schemas.mjs";

const [address = "", ca = "", stack = ""] = process.argv.slice(2);
const api = new Api({ address, ca: readFileSync(ca, "utf8"), token: process.env.VAULT_TOKEN ?? "" });
const { made } = await apply(JSON.parse(readFileSync(stack, "utf8")), { api, schemas });
console.log(made.length);
