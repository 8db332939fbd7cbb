/** OpenTofu reads it, 1.12 and later; Terraform looks at no `.tofu.json`, and would refuse what it says. */
export const encryptionFile = "encryption.tofu.json";

const encrypted = { method: "method.aes_gcm.state", enforced: true };

/**
 * How OpenTofu encrypts state and plan of a stack. The passphrase is asked for, or comes from `TF_VAR_state_passphrase`.
 * @see https://opentofu.org/docs/language/state/encryption/
 */
const encryption = {
  variable: {
    state_passphrase: {
      type: "string",
      sensitive: true,
      description: "Encrypts state and plan, 16 characters or more.",
    },
  },
  terraform: {
    encryption: {
      key_provider: { pbkdf2: { state: { passphrase: "${var.state_passphrase}" } } },
      method: { aes_gcm: { state: { keys: "${key_provider.pbkdf2.state}" } } },
      state: encrypted,
      plan: encrypted,
    },
  },
};

/** The text of {@link encryptionFile}, the same for every stack. */
export const encryptionText = `${JSON.stringify(encryption, undefined, 2)}\n`;
