// Pieces of a bundle on their way to being one again. At most one bundle is held; how large it can be is bounded by how many
// pieces a message may speak of, and how long each may be.

import type { DocumentsBundle, DocumentsPiece } from "../../wire.gen";
import { concat, type Bytes } from "../bytes";
import { decode, MalformedMessage } from "../schema";
import { invalid } from "./refused";

/** Gathers pieces, which come in order. */
export class Gathering {
  private held: Bytes[] = [];
  private expected = 0;

  /** The bundle, once its last piece came. A piece 0 begins anew. Throws DocumentRefused, and forgets what it held. */
  add(piece: DocumentsPiece): DocumentsBundle | null {
    if (piece.number === 0) this.begin(piece.pieces);
    if (piece.number !== this.held.length || piece.pieces !== this.expected) {
      this.begin(0);
      throw invalid("pieces out of order");
    }
    this.held.push(piece.content);
    if (this.held.length < this.expected) return null;
    const content = concat(...this.held);
    this.begin(0);
    return bundleOf(content);
  }

  private begin(expected: number): void {
    this.held = [];
    this.expected = expected;
  }
}

function bundleOf(content: Bytes): DocumentsBundle {
  try {
    return decode(content, "documents_bundle");
  } catch (fault) {
    if (fault instanceof MalformedMessage) throw invalid("no bundle");
    throw fault;
  }
}
