// Recovery codes, shown once: to be copied or printed, never kept by this page.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { RECOVERY_CODES, RECOVERY_COPY, RECOVERY_PRINT } from "../ids";
import type { Say } from "../texts";

export function RecoveryCodes({ say, codes }: { say: Say; codes: readonly string[] }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    setCopied(true);
  };
  return (
    <section aria-labelledby={`${RECOVERY_CODES}-title`}>
      <h2 id={`${RECOVERY_CODES}-title`}>{say("console-recovery-title")}</h2>
      <p>{say("console-recovery-why")}</p>
      <ol id={RECOVERY_CODES} class="recovery">
        {codes.map((code) => (
          <li key={code}>
            <code class="secret">{code}</code>
          </li>
        ))}
      </ol>
      <div class="actions">
        <button id={RECOVERY_COPY} type="button" class="plain" onClick={() => void copy()}>
          {say("console-recovery-copy")}
        </button>
        <button id={RECOVERY_PRINT} type="button" class="plain" onClick={() => print()}>
          {say("console-recovery-print")}
        </button>
        <span role="status">{copied ? say("console-recovery-copied") : ""}</span>
      </div>
    </section>
  );
}
