import type { Clock, Endpoint, TcpConnection, TcpEvents, Timer, Trouble } from '#machine/index.ts';
import type { Millis } from '#values/index.ts';
import { Inbox, Outbox } from './buffers.ts';
import { nothing, type Segment } from './packet.ts';
import type { TcpBehaviour } from './tcp.ts';

interface Place {
  readonly clock: Clock;
  readonly behaviour: TcpBehaviour;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Sends; false when there is no route. */
  transmit(segment: Segment): boolean;
  /** The connection is over and may be dropped from the table. */
  forget(): void;
}

type State = 'calling' | 'answering' | 'open' | 'over';

/** Linux TCP_RTO_MAX; lwIP comes near it. */
const longestRetransmit: Millis = 120_000;

/** One end of a TCP connection: reliable, in order, with a window of unread bytes, retransmission and delayed ACKs. What
 *  a program cannot notice (congestion control, options, TIME-WAIT's end) is left out. */
export class Connection implements TcpConnection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #place: Place;
  readonly #tcp: TcpBehaviour;
  #state: State = 'calling';
  #events: TcpEvents | undefined;
  #accepted: ((connection: Connection) => void) | undefined;
  /** The program has let go of it. */
  #orphan = false;

  // Sending. Sequence numbers: 0 is the SYN, bytes begin at 1, the FIN comes after the last byte.
  readonly #out = new Outbox();
  #una = 0;
  #next = 0;
  /** One past the highest ever sent. */
  #sent = 0;
  #finWanted = false;
  #peerWindow = 0;
  #widestPeerWindow = 0;
  #windowSeq = 0;
  #windowAck = 0;
  /** After a timeout one segment at a time goes out until something is acknowledged. */
  #cautious = false;
  #retries = 0;
  #deadline: Millis = 0;
  #timer: Timer | undefined;
  #usualAnswer: Millis = 0;
  #measured: { readonly seq: number; readonly at: Millis } | undefined;

  // Receiving.
  readonly #in: Inbox;
  #ackOwed = false;
  #ackTimer: Timer | undefined;
  #lastAck = 0;
  /** The last window edge that the other side was told. */
  #edge = 0;
  #endTold = false;

  constructor(place: Place) {
    this.#place = place;
    this.#tcp = place.behaviour;
    this.local = place.local;
    this.remote = place.remote;
    this.#in = new Inbox(place.behaviour.window);
  }

  // What the program does.

  on(events: TcpEvents): void {
    this.#events = events;
    if (this.#in.unread > 0 || this.#in.ended) this.#soon(() => this.#tell());
  }

  get unread(): number {
    return this.#in.unread;
  }

  read(most: number = this.#in.unread): Uint8Array {
    const bytes = this.#in.read(most);
    // lwIP TCP_WND_UPDATE_THRESHOLD; Linux is close enough.
    const worthTelling = Math.min(this.#tcp.window / 4, 4 * this.#tcp.mss);
    if (this.#state === 'open' && this.#in.edge - this.#edge >= worthTelling) this.#sendAck();
    return bytes;
  }

  write(bytes: Uint8Array): void {
    if (this.#state === 'over' || this.#finWanted || bytes.length === 0) return;
    this.#out.push(bytes);
    if (this.#events?.drained)
      this.#soon(() => {
        if (this.unsent === 0) this.#events?.drained?.();
      });
    if (this.#state === 'open') this.#output();
  }

  get unsent(): number {
    return Math.max(0, this.#out.end - Math.max(1, this.#una) - this.#tcp.sendBuffer);
  }

  end(): void {
    if (this.#state === 'over' || this.#finWanted) return;
    this.#finWanted = true;
    if (this.#state === 'open') this.#output();
  }

  destroy(): void {
    this.#events = undefined;
    if (this.#state === 'over' || this.#orphan) return;
    this.#orphan = true;
    const clean = this.#state === 'open' && this.#una >= this.#out.end && this.#in.unread === 0;
    if (clean) this.end();
    else this.#abort();
  }

  // What the stack does.

  get over(): boolean {
    return this.#state === 'over';
  }

  /** A program holds it: it was given to one, and was not let go of. */
  get held(): boolean {
    return !this.over && !this.#orphan && this.#state !== 'answering';
  }

  call(): void {
    this.#sendSyn();
  }

  answer(syn: Segment, accepted: (connection: Connection) => void): void {
    this.#state = 'answering';
    this.#accepted = accepted;
    this.#in.start();
    this.#sawWindow(syn);
    this.#sendSyn();
  }

  /** Ends it with a trouble, told a moment later. */
  fail(trouble: Trouble): void {
    const events = this.#events;
    this.vanish();
    this.#place.forget();
    this.#soon(() => {
      if (events === this.#events) events?.closed(trouble);
    });
  }

  undelivered(trouble: Trouble): void {
    if (this.#state === 'calling') this.fail(trouble);
  }

  vanish(): void {
    this.#state = 'over';
    this.#timer?.cancel();
    this.#ackTimer?.cancel();
  }

  receive(segment: Segment): void {
    if (segment.rst) this.#onReset(segment);
    else if (this.#state === 'over') this.#afterTheEnd(segment);
    else if (this.#state === 'calling') this.#onAnswer(segment);
    else if (segment.syn) this.#onSynAgain();
    else this.#onSegment(segment);
  }

  /** The last ACK was lost: the other side repeats itself. */
  #afterTheEnd(segment: Segment): void {
    if (segment.fin || segment.data.length) this.#sendAck();
  }

  #onAnswer(segment: Segment): void {
    if (!segment.syn || segment.ack !== 1) return;
    this.#in.start();
    this.#opened(segment);
    this.#sendAck();
    this.#events?.connected?.();
    if (!this.over) this.#output();
  }

  #onSynAgain(): void {
    if (this.#state === 'answering') this.#sendSyn();
    else this.#sendAck();
  }

  #onSegment(segment: Segment): void {
    if (this.#state === 'answering') {
      if (!segment.ack) return;
      this.#opened(segment);
      this.#accepted?.(this);
    }
    if (this.over) return;
    this.#onAck(segment);
    if (this.over) return;
    if (segment.probe) this.#sendAck();
    this.#onData(segment);
    if (!this.over) this.#output();
  }

  #opened(segment: Segment): void {
    this.#state = 'open';
    this.#una = 1;
    this.#next = Math.max(1, this.#next);
    this.#retries = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#sawWindow(segment);
  }

  #onReset(segment: Segment): void {
    if (this.over) return;
    if (this.#state === 'calling' && segment.ack !== 1) return;
    const refused = this.#state === 'calling';
    const events = this.#events;
    this.vanish();
    this.#place.forget();
    events?.closed(refused ? { kind: 'refused', detail: 'ECONNREFUSED' } : { kind: 'reset', detail: 'ECONNRESET' });
  }

  // Sending.

  #sendSyn(): void {
    const answering = this.#state === 'answering';
    this.#next = Math.max(1, this.#next);
    this.#sent = Math.max(1, this.#sent);
    this.#edge = this.#in.edge;
    const syn: Segment = { seq: 0, window: this.#in.room, data: nothing, syn: true };
    const sent = this.#place.transmit(answering ? { ...syn, ack: this.#in.next } : syn);
    if (sent) this.#arm(this.#tcp.synRetransmit);
    else this.fail({ kind: 'unreachable', detail: 'ENETUNREACH' });
  }

  #output(): void {
    const idle = this.#next === this.#una;
    for (;;) {
      const waiting = this.#out.end - this.#next;
      const flying = this.#next - this.#una;
      if (waiting > 0) {
        const usable = (this.#cautious ? Math.min(this.#tcp.mss, this.#peerWindow) : this.#peerWindow) - flying;
        const size = Math.min(this.#tcp.mss, waiting, usable);
        const whole = size === waiting || size === this.#tcp.mss || size >= this.#widestPeerWindow / 2;
        if (size <= 0 || !whole) break;
        this.#sendData(size);
      } else if (waiting === 0 && this.#finWanted) {
        this.#emit({ seq: this.#next, fin: true });
        this.#next++;
        this.#sent = Math.max(this.#sent, this.#next);
      } else break;
    }
    // In flight: to be retransmitted. Nothing in flight and yet waiting: the window is closed and must be probed.
    if (this.#outstanding) this.#arm(this.#tcp.retransmit + this.#usualAnswer, idle);
  }

  /** Whether something was not acknowledged yet, or not even sent. */
  get #outstanding(): boolean {
    return this.#una < this.#out.end + (this.#finWanted ? 1 : 0);
  }

  #sendData(size: number): void {
    const seq = this.#next;
    if (!this.#measured && seq === this.#sent) this.#measured = { seq: seq + size, at: this.#place.clock.now() };
    this.#emit({ seq, data: this.#out.slice(seq, size) });
    this.#next += size;
    this.#sent = Math.max(this.#sent, this.#next);
  }

  /** Starts the retransmission timer; one that runs is put off only if nothing was in flight. */
  #arm(first: Millis, idle = false): void {
    if (this.#timer && !idle) return;
    const wait = Math.min(longestRetransmit, first * 2 ** this.#retries);
    this.#deadline = this.#place.clock.now() + wait;
    this.#timer ??= this.#place.clock.after(wait, 'tcp retransmission', this.#expired);
  }

  readonly #expired = (): void => {
    this.#timer = undefined;
    if (this.over) return;
    // Most timers are put off by an ACK: one that fires early just waits for the rest.
    const left = this.#deadline - this.#place.clock.now();
    if (left > 0) {
      this.#timer = this.#place.clock.after(left, 'tcp retransmission', this.#expired);
      return;
    }
    if (this.#state === 'open' && !this.#outstanding) return;
    this.#retries++;
    this.#measured = undefined;
    const most = this.#state === 'open' ? this.#tcp.retries : this.#tcp.synRetries;
    if (this.#retries > most) this.fail({ kind: 'timed-out', detail: 'ETIMEDOUT' });
    else if (this.#state === 'open') this.#sendAgain();
    else this.#sendSyn();
  };

  #sendAgain(): void {
    if (this.#next === this.#una) this.#emit({ seq: this.#una, probe: true });
    this.#next = this.#una;
    this.#cautious = true;
    this.#output();
  }

  #onAck(segment: Segment): void {
    const { ack } = segment;
    if (ack === undefined || ack > this.#sent) return;
    this.#sawWindow(segment);
    if (this.#retries > 0 && this.#next === this.#una) this.#retries = 0; // a probe was answered
    if (ack <= this.#una) return;
    const hadBytes = this.#una < this.#out.end;
    const wasFull = this.unsent > 0;
    this.#una = ack;
    this.#next = Math.max(this.#next, ack);
    this.#out.acknowledged(ack);
    this.#cautious = false;
    this.#retries = 0;
    if (this.#measured && ack >= this.#measured.seq) {
      const answer = this.#place.clock.now() - this.#measured.at;
      this.#usualAnswer = this.#usualAnswer ? this.#usualAnswer * 0.875 + answer * 0.125 : answer;
      this.#measured = undefined;
    }
    this.#deadline = this.#place.clock.now() + this.#tcp.retransmit + this.#usualAnswer;
    if (wasFull && this.unsent === 0) this.#events?.drained?.();
    if (hadBytes && ack >= this.#out.end) this.#events?.acknowledged?.();
    this.#perhapsOver();
  }

  #sawWindow({ seq, ack = 0, window }: Segment): void {
    const stale = seq < this.#windowSeq || (seq === this.#windowSeq && ack < this.#windowAck);
    if (stale) return;
    this.#windowSeq = seq;
    this.#windowAck = ack;
    this.#peerWindow = window;
    this.#widestPeerWindow = Math.max(this.#widestPeerWindow, window);
  }

  // Receiving.

  #onData(segment: Segment): void {
    const { data, fin } = segment;
    if (data.length === 0 && !fin) return;
    const before = this.#in.next;
    this.#in.take(segment);
    const news = this.#in.next > before;
    if (news && this.#orphan && this.#in.unread > 0) {
      this.#abort();
      return;
    }
    this.#ackOwed = true;
    const late = this.#in.next - this.#lastAck > this.#tcp.mss;
    const atOnce = !news || this.#in.ended || this.#in.gaps || late || this.#tcp.delayedAck === 0;
    if (news) this.#tell();
    if (this.over) return;
    // The program may have written or read just now, and the ACK gone with that.
    if (this.#ackOwed && atOnce) this.#sendAck();
    else if (this.#ackOwed)
      this.#ackTimer ??= this.#place.clock.after(this.#tcp.delayedAck, 'tcp delayed ack', () => this.#sendAck());
    this.#perhapsOver();
  }

  #tell(): void {
    if (this.#in.unread > 0) this.#events?.readable();
    if (!this.#in.ended || this.#endTold || !this.#events) return;
    this.#endTold = true;
    this.#events.ended();
  }

  #perhapsOver(): void {
    const finAcknowledged = this.#finWanted && this.#una > this.#out.end;
    if (this.over || !finAcknowledged || !this.#in.ended) return;
    if (this.#ackOwed) this.#sendAck();
    const events = this.#events;
    // It stays in the table to acknowledge a FIN that comes again.
    this.vanish();
    if (events) this.#soon(() => events === this.#events && events.closed());
  }

  #sendAck(): void {
    this.#emit({ seq: this.#sent });
  }

  #emit(part: Partial<Segment> & { readonly seq: number }): void {
    this.#ackTimer?.cancel();
    this.#ackTimer = undefined;
    this.#ackOwed = false;
    this.#lastAck = this.#in.next;
    this.#edge = this.#in.edge;
    this.#place.transmit({ ack: this.#in.next, window: this.#in.room, data: nothing, ...part });
  }

  #abort(): void {
    if (this.#state !== 'calling') this.#emit({ seq: this.#sent, rst: true });
    this.vanish();
    this.#place.forget();
  }

  #soon(then: () => void): void {
    this.#place.clock.after(0, 'tcp event', then);
  }
}
