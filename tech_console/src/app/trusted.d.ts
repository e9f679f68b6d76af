// Trusted Types, as far as this page uses them (W3C Trusted Types, section 2): not every browser has them yet.

interface TrustedTypePolicy {
  createScriptURL(address: string): string;
}

interface Window {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): TrustedTypePolicy;
  };
}
