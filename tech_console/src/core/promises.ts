// What the host's answers commit to, until the words that open them come inside the seals: the prompt as it was shown, and the file that
// the person picked to be sent (docs/protocol.md, section 5).

import type { Answered, FileCommitted, FileWords, Message } from "../wire.gen";
import { PeerMisbehaved } from "./bytes";
import { isCommitted, matches } from "./ledger";

/** Answers whose words have not come. */
export class Promises {
  private readonly answers = new Map<number, { readonly prompt: Uint8Array; readonly file: FileCommitted | null }>();

  made({ ask, prompt_commitment: prompt, file }: Answered): void {
    this.answers.set(ask, { prompt, file });
  }

  /** The file that was picked, if one was. Throws PeerMisbehaved for words that were not committed to, each time but the first too. */
  async kept(said: Message<"answer_words">): Promise<FileWords | null> {
    const promise = this.answers.get(said.ask);
    if (promise === undefined || !(await matches(promise.prompt, said.key, said.prompt))) {
      throw new PeerMisbehaved("words that were not committed to");
    }
    this.answers.delete(said.ask);
    const { file } = promise;
    if (file === null && said.file === null) return null;
    if (file === null || said.file === null || !(await isCommitted(said.file, file))) {
      throw new PeerMisbehaved("a file that was not committed to");
    }
    return said.file;
  }
}
