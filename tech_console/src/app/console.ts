// The page's own state and everything it can do. Views show it and call it; the rules are in src/core, the broker's word
// is in broker.ts. Secrets that were typed pass through and are not kept.

import { AuthenticatorType, EndCause, Reason, type Instrument, type LogDoubted, type Message, type Purpose, type SignedIn } from "../wire.gen";
import { fromBase64url, type Bytes } from "../core/bytes";
import { callAsk, type CallForm } from "../core/call";
import type { SupportCode } from "../core/code";
import type { Back } from "../core/returning";
import type { ControlCommand, Distrust, Listing } from "../core/control";
import type { Held } from "../core/heads";
import { fingerprint } from "../core/statements";
import { BrokerUnreachable, get, isReason, post, readConfig, type Config } from "./broker";
import { ControlLink, type LinkState } from "./control_link";
import { KeptDocuments, moment } from "./kept_documents";
import { KeptLog } from "./kept_log";
import { chosenLanguage, deviceOf, keepLanguage, keepTechnician, type Device } from "./memory";
import { preferred, voice, type Language, type Say } from "./texts";
import type { Refusal } from "./refusal";
import { ComingBack, type ReturningView } from "./returning";
import { VisitShell } from "./visit_shell";
import { signIn, type Factor } from "./ways_in";

/** Which page is shown. */
export type Page = "loading" | "broken" | "invitation" | "sign_in" | "home" | "own_account" | "log" | "visit";

/** Why the technician asks. */
export interface HelpForm {
  readonly code: SupportCode;
  readonly purpose: Purpose;
  readonly caseReference: string;
  readonly words: string;
}

/** Where a request to be called stands: on its way, waiting for its host, on the host's screen, or refused. */
export type CallState = "sending" | "waiting" | "shown" | "unreachable" | Reason;

/** Everything that views show. */
export interface ConsoleState {
  readonly page: Page;
  readonly language: Language;
  readonly say: Say;
  readonly problem: Reason | "unreachable" | null;
  readonly busy: boolean;
  readonly invitation: Bytes | null;
  readonly me: SignedIn | null;
  readonly fingerprint: readonly string[] | null;
  readonly link: LinkState;
  readonly linkReason: Reason | Distrust | null;
  readonly instruments: readonly Instrument[] | null;
  readonly factorWanted: boolean;
  /** The password was right and has to be changed on the way in. */
  readonly passwordDue: boolean;
  /** A recovery code let this person in: said once, with how many are left. */
  readonly recovered: boolean;
  readonly visit: VisitShell | null;
  /** An instrument restarts, and we come back. */
  readonly returning: ReturningView | null;
  /** How many entries of the broker's log have been seen to continue what was seen before; null while none has been shown. */
  readonly logSeen: number | null;
  /** What was found wrong with that log, until a person says that the administrator knows. */
  readonly doubted: LogDoubted | null;
  /** By host. */
  readonly calls: ReadonlyMap<string, CallState>;
}

/** Why nothing can be asked for once the signed documents are too old. */
const EXPIRED = "documents-stale" satisfies Distrust;

/** Can help be asked for, and a call? Not while the signed documents are too old or the broker's log is doubted, even if it is there. */
export function mayAsk({ link, linkReason, doubted }: ConsoleState): boolean {
  return link === "open" && linkReason !== EXPIRED && doubted === null;
}

const INVITATION = /^#\/invitation\/([A-Za-z0-9_-]{43})$/;

/** How often the broker hears that somebody is still here. */
const PRESENT_EVERY_MS = 60_000;

/** The console of one browser tab. */
export class Console {
  private shown: ConsoleState;
  private readonly listeners = new Set<() => void>();
  private settings: Config | null = null;
  private device: Device | null = null;
  private kept: KeptDocuments | null = null;
  private link: ControlLink | null = null;
  private log: KeptLog | null = null;
  private asking: HelpForm | null = null;
  private calling: string | null = null;
  private lastPresent = 0;
  private readonly comingBack = new ComingBack({
    instruments: () => this.shown.instruments ?? [],
    free: () => !this.shown.busy && mayAsk(this.shown) && (this.shown.visit === null || this.shown.visit.view.phase === "ended"),
    claim: (form) => {
      this.leaveVisit();
      return this.claim(form);
    },
    changed: (returning) => this.show({ returning }),
  });

  constructor() {
    const language = preferred(navigator.languages);
    this.shown = {
      page: "loading",
      language,
      say: voice(language),
      problem: null,
      busy: false,
      invitation: null,
      me: null,
      fingerprint: null,
      link: "connecting",
      linkReason: null,
      instruments: null,
      factorWanted: false,
      passwordDue: false,
      recovered: false,
      visit: null,
      returning: null,
      logSeen: null,
      doubted: null,
      calls: new Map(),
    };
  }

  get state(): ConsoleState {
    return this.shown;
  }

  /** Where the broker is. Only after `open`. */
  get config(): Config {
    if (this.settings === null) throw new BrokerUnreachable("not opened");
    return this.settings;
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Begin: language, settings, then an invitation, a live sign-in, or the way to one. */
  async open(): Promise<void> {
    const chosen = await chosenLanguage();
    if (chosen !== null) this.speak(chosen);
    if (!(await this.prepare())) return this.show({ page: "broken" });
    const token = fromBase64url(INVITATION.exec(location.hash)?.[1] ?? "");
    // The token is a secret: it leaves the address line, and with it the history, before anything else happens.
    if (location.hash !== "") history.replaceState(null, "", "/");
    if (token?.length === 32) this.show({ page: "invitation", invitation: token });
    else await this.resume();
  }

  /** False if this origin was not set up to be used. */
  private async prepare(): Promise<boolean> {
    try {
      this.settings = await readConfig();
      this.kept = await KeptDocuments.open(this.settings.vendorRoot, () => this.show({ linkReason: EXPIRED }));
      return true;
    } catch {
      return false;
    }
  }

  /** A live sign-in from before a reload, or the sign-in page. */
  async resume(): Promise<void> {
    this.show({ page: "loading", invitation: null });
    await this.trying(async () => {
      const me = await get(this.config, "/api/me", "signed_in");
      if (isReason(me)) this.show({ page: "sign_in" });
      else await this.enter(me);
    });
    if (this.shown.page === "loading") this.show({ page: "sign_in" });
  }

  /** Change the language, and remember it. */
  async chooseLanguage(language: Language): Promise<void> {
    this.speak(language);
    await keepLanguage(language);
  }

  /** Sign in, by one of the ways there are; why not, if not. */
  async signIn(name: string, password: string, factor: Factor): Promise<Refusal> {
    await this.trying(async () => {
      const me = await signIn(this.config, name, password, factor);
      if (isReason(me)) {
        this.show({ problem: me, passwordDue: this.shown.passwordDue || me === Reason.PASSWORD_DUE });
        return;
      }
      await keepTechnician(name, me.technician_id);
      await this.enter(me);
      if (factor.kind === "recovery") this.show({ recovered: true });
    });
    return this.shown.problem;
  }

  /** What the technician changes of his own. */
  async openOwnAccount(): Promise<void> {
    await this.stillSignedIn();
    if (this.shown.me !== null && this.shown.visit === null) this.show({ page: "own_account", problem: null });
  }

  /** What happened, within this person's reach. */
  openLog(): void {
    if (this.shown.me !== null && this.shown.visit === null) this.show({ page: "log", problem: null });
  }

  /** The page of the instruments. */
  goHome(): void {
    this.show({ page: "home", problem: null });
  }

  /** Something needs a fresh second factor. */
  wantFactor(): void {
    this.show({ factorWanted: true });
  }

  /** Sign out here, or wherever this account is signed in. */
  async signOut(where: "here" | "everywhere" = "here"): Promise<void> {
    await this.shown.visit?.end(EndCause.SIGNED_OUT);
    this.leaveVisit();
    this.comingBack.drop();
    this.link?.stop();
    this.link = null;
    await this.trying(async () => {
      await post(this.config, where === "here" ? "/api/sign-out" : "/api/sign-out-everywhere", { type: "done" }, "done");
    });
    this.device = null;
    this.log = null;
    this.show({ page: "sign_in", me: null, instruments: null, fingerprint: null, factorWanted: false, logSeen: null, doubted: null, calls: new Map() });
  }

  /** Ask the broker to let us in; its answer comes on the link. False when it was not even asked. */
  claim(form: HelpForm): boolean {
    const stale = this.kept?.inForce !== true;
    if (stale || this.shown.doubted !== null) {
      this.show(stale ? { problem: Reason.DOCUMENT_STALE, linkReason: EXPIRED } : { problem: Reason.LOG_DOUBTED });
      return false;
    }
    this.asking = form;
    this.show({ problem: null, busy: true });
    const claim = {
      type: "ticket_claim",
      ticket: form.code.ticket,
      first_half: form.code.firstHalf,
      purpose: form.purpose,
      case_reference: form.caseReference,
    } as const;
    const sent = this.link?.send(claim) === true;
    if (!sent) this.show({ busy: false, problem: "unreachable" });
    return sent;
  }

  /** Nobody goes back to the instrument that restarts. */
  dropReturn(): void {
    this.comingBack.drop();
  }

  /** Ask somebody at an instrument to call; the broker's answer comes on the link. */
  async askForCall(form: CallForm): Promise<void> {
    const { device } = this;
    const { me } = this.shown;
    if (device === null || me === null) return;
    const view = await this.kept?.documents.view(moment());
    if (view === null || view === undefined) return this.callIs(form.hostId, Reason.DOCUMENT_STALE);
    if (this.shown.doubted !== null) return this.callIs(form.hostId, Reason.LOG_DOUBTED);
    this.callIs(form.hostId, "sending");
    this.calling = form.hostId;
    const who = { technicianId: me.technician_id, brokerId: view.broker.id, key: device.privateKey };
    const ask = await callAsk(form, who, Math.floor(Date.now() / 1000));
    if (this.link?.send(ask) !== true) this.callIs(form.hostId, "unreachable");
  }

  private callIs(hostId: string, state: CallState): void {
    this.show({ calls: new Map(this.shown.calls).set(hostId, state) });
  }

  /** A fresh second factor; then the claim that wanted it goes out again. */
  async confirmFactor(totp: string): Promise<void> {
    await this.trying(async () => {
      const answer = await post(this.config, "/api/factor", { type: "factor_confirm", totp }, "done", "signed_in");
      if (isReason(answer)) {
        this.show({ problem: answer });
        return;
      }
      this.show({ factorWanted: false });
      if (this.asking !== null) this.claim(this.asking);
    });
  }

  /** Give up the step that asked for a second factor. */
  cancelFactor(): void {
    this.comingBack.refused(this.asking, Reason.SECOND_FACTOR_STALE);
    this.asking = null;
    this.show({ factorWanted: false, problem: null });
  }

  /** The link, again and at once. */
  retryLink(): void {
    this.link?.retry();
  }

  /** A person has told the administrator: the log that is shown next is believed as the first one was. */
  async believeLog(): Promise<void> {
    await this.log?.believeAnew();
    this.show({ doubted: null, logSeen: null, problem: null });
    await this.link?.wantHead(null);
  }

  /** Back from a visit that is over. */
  leaveVisit(): void {
    if (this.shown.visit !== null && this.shown.doubted === null) void this.link?.wantHead(this.log?.held ?? null);
    this.shown.visit?.dispose();
    this.show({ visit: null, page: this.shown.me === null ? this.shown.page : "home" });
  }

  private async enter(me: SignedIn): Promise<void> {
    this.device = await deviceOf(me.technician_id);
    const digits = this.device === null ? null : await fingerprint(AuthenticatorType.P256, this.device.publicKey);
    this.show({ page: "home", me, fingerprint: digits, problem: null, linkReason: null, passwordDue: false, recovered: false });
    if (this.device !== null) this.connect(me, this.device);
    else this.show({ link: "lost", linkReason: Reason.DEVICE_NOT_RECOGNISED });
  }

  private connect(me: SignedIn, device: Device): void {
    this.link?.stop();
    const { kept } = this;
    if (kept === null) return;
    const trust = async () => {
      await kept.catchUp();
      return { technicianId: me.technician_id, deviceKey: device.privateKey, documents: kept.documents };
    };
    this.link = new ControlLink(this.config.brokerOrigin, trust, {
      state: (link) => void this.linkIs(link),
      command: (command) => this.told(command),
    });
    void this.link.start();
  }

  private async linkIs(link: LinkState): Promise<void> {
    this.show(link === "open" ? { link, linkReason: null } : { link });
    if (link === "replaced") this.shown.visit?.nobodyComesBack();
    if (link !== "lost" && link !== "replaced") return;
    this.comingBack.refused(this.asking, Reason.WRONG_MOMENT);
    this.show({ instruments: null, busy: false });
    if (link === "lost" && this.shown.linkReason === null) await this.stillSignedIn();
  }

  /** Somebody is at this page: the sign-in idles out otherwise, because nothing here asks by itself. */
  async present(): Promise<void> {
    if (this.shown.me === null || performance.now() - this.lastPresent < PRESENT_EVERY_MS) return;
    this.lastPresent = performance.now();
    await this.stillSignedIn();
  }

  /** A socket that falls does not say why; whether the sign-in has run out is asked apart. */
  private async stillSignedIn(): Promise<void> {
    try {
      const me = await get(this.config, "/api/me", "signed_in");
      if (!isReason(me)) this.show({ me });
      if (me !== Reason.NOT_SIGNED_IN || this.shown.visit !== null) return;
      this.link?.stop();
      this.comingBack.drop();
      this.show({ page: "sign_in", me: null, problem: Reason.NOT_SIGNED_IN });
    } catch (fault) {
      if (!(fault instanceof BrokerUnreachable)) throw fault; // the link says that it is lost
    }
  }

  private async told(command: Exclude<ControlCommand, { kind: "send" }>): Promise<void> {
    switch (command.kind) {
      case "documents":
        await this.kept?.keep();
        return this.shown.linkReason === EXPIRED ? this.show({ linkReason: null }) : undefined;
      case "welcome":
        return this.welcomed(command.brokerId);
      case "log_held":
        return this.logHeld(command.held);
      case "log_doubted":
        await this.log?.doubt(command.doubted);
        return this.show({ doubted: this.log?.doubted ?? command.doubted });
      case "instruments":
        this.show({ instruments: command.items });
        return this.comingBack.look();
      case "call_queued":
        return this.callIs(command.hostId, command.shown ? "shown" : "waiting");
      case "admitted":
        return this.admitted(command.admitted, command.to);
      case "reconnect_offered":
        return this.shown.visit?.reconnect(command.offered);
      case "session_over":
        return this.shown.visit?.brokerSaid(command.over);
      case "refused":
        return this.refused(command.about, command.reason);
      case "distrust":
        return this.show({ linkReason: command.why });
    }
  }

  /** The broker is proven: what is known of its log decides whether it is asked for more of it. */
  private async welcomed(brokerId: string): Promise<void> {
    if (this.kept === null) return;
    this.log = await KeptLog.open(this.kept.pinned, brokerId);
    this.show({ doubted: this.log.doubted });
    this.shown.visit?.linkIsBack();
    if (this.log.doubted === null) await this.link?.wantHead(this.log.held);
  }

  private async logHeld(held: Held): Promise<void> {
    const { log } = this;
    if (log === null) return;
    if (await log.hold(held)) return this.show({ logSeen: held.checkpoint.size });
    this.show({ doubted: log.doubted });
    if (log.doubted === null) await this.link?.wantHead(log.held); // another page holds another head now: it has to fit to that
  }

  private refused(about: string, reason: Reason): void {
    if (about === "call_ask" && this.calling !== null) return this.callIs(this.calling, reason);
    if (about === "reconnect_wanted") return this.shown.visit?.nobodyComesBack();
    if (about !== "ticket_claim") return this.show({ linkReason: reason });
    if (reason === Reason.SECOND_FACTOR_STALE && this.asking !== null) return this.show({ busy: false, factorWanted: true });
    const comesBack = this.comingBack.refused(this.asking, reason);
    this.asking = null;
    this.show({ busy: false, problem: comesBack ? null : reason });
  }

  private admitted(admitted: Message<"ticket_admitted">, to: Listing | null): void {
    const form = this.asking;
    this.asking = null;
    if (form === null || form.code.ticket !== admitted.ticket) return;
    if (this.shown.doubted !== null) return this.show({ busy: false, problem: Reason.LOG_DOUBTED });
    const { me, device } = { me: this.shown.me, device: this.device };
    if (to === null || me === null || device === null) {
      const problem = this.kept?.inForce === true ? Reason.HOST_NOT_LISTED : Reason.DOCUMENT_STALE;
      return this.show({ busy: false, problem });
    }
    const { host, brokerId } = to;
    const start = {
      parties: {
        sessionId: admitted.session_id,
        technicianId: me.technician_id,
        hostId: host.id,
        deviceKey: device.privateKey,
        hostKey: new Uint8Array(host.key),
      },
      brokerId,
      ticket: admitted.ticket,
      socketPass: new Uint8Array(admitted.socket_pass),
      why: { purpose: form.purpose, caseReference: form.caseReference },
      words: form.words,
      secondHalf: form.code.secondHalf,
    };
    this.comingBack.drop(); // this is it, or the technician helps somebody else now
    const broker = {
      origin: this.config.brokerOrigin,
      say: (message: Message) => this.link?.send(message) ?? false,
      comesBack: (back: Back) => this.comingBack.begin(back, form, host.name),
    };
    const visit = new VisitShell(broker, host.name, start, () => this.show({}));
    this.show({ busy: false, problem: null, visit, page: "visit" });
  }

  private async trying(what: () => Promise<void>): Promise<void> {
    this.show({ busy: true, problem: null });
    try {
      await what();
    } catch (fault) {
      if (!(fault instanceof BrokerUnreachable)) throw fault;
      this.show({ problem: "unreachable" });
    } finally {
      this.show({ busy: false });
    }
  }

  private speak(language: Language): void {
    this.show({ language, say: voice(language) });
  }

  private show(change: Partial<ConsoleState>): void {
    this.shown = { ...this.shown, ...change };
    document.documentElement.lang = this.shown.language;
    for (const listener of this.listeners) listener();
  }
}
