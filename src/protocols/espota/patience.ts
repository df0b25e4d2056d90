/** How long the host half waits for what, and why. */
import { type Millis, millis, seconds } from '#values/index.ts';

/** Pauses after each invitation of a round; 11 s with nobody answering. ESP8266 and RP2040 answer from the network callback,
 *  so one second is ample; the last pause lets a sleepy or slow board answer. */
export const invitationPauses: readonly Millis[] = [1, 1.5, 2, 2.5, 4].map(seconds);
/** ESP32 reads one datagram a handle() and queues the rest: fewer, so that they do not undo each other. */
export const slowInvitationPauses: readonly Millis[] = [2, 2.5, 3, 4].map(seconds);
/** espota.py: one invitation, ten seconds. */
export const singleInvitation: readonly Millis[] = [seconds(10)];

/** The answer to a challenge is repeated: in every state but WAITAUTH all cores ignore it. 10 s in all, as an ESP32 needs time
 *  for its 10,000 rounds of HMAC and others for their loop(). */
export const answerPauses: readonly Millis[] = [1, 2, 3, 4].map(seconds);
/** Handshakes that may come to nothing before giving up. */
export const mostHandshakes = 2;
/** Before a refusal that may belong to crossed datagrams is put to the test. */
export const letCrossedPass = seconds(1);
/** Reports of the system (closed port, no way) before they are believed: a board that restarts has a closed port too. */
export const mostTroubles = 3;

/** From OK to the call: 5 s connect timeout of the board, slow onStart callbacks. */
export const callLimit = seconds(20);
/** When, after OK, the same invitation is sent again: before the shortest connect timeout (ESP32: 3 s), after the longest. */
export const asksAfterOk: readonly Millis[] = [1.5, 7, 13].map(seconds);
/** An answer within this time: the board was not busy calling. */
export const atOnce = seconds(1);
/** A board that answered may still call. */
export const callGrace = seconds(5);

/** Silence while data is on its way. Flash and radio take seconds at most, but a board's TCP repeats a lost answer after 1.5,
 *  4.5, 10.5 and 22.5 s. */
export const stallLimit = seconds(30);
/** After the last byte: signatures take a second, some boards wait 1 s before OK, and a lost answer comes again after 1.5, 4.5,
 *  10.5 and 22.5 s. espota.py allows 60 s. */
export const verdictLimit = seconds(30);
/** However lively it is: a board that took all bytes decides within this time. */
export const verdictLimitInAll = seconds(120);
/** For the rest of an error line. */
export const lineLimit = seconds(2);
/** A board that repeats itself after so long says that it starves, not that it took anything (ESP32, _ota_timeout 1 s). */
export const repeatAfter = millis(900);
/** From 2.4.0 on a board pauses 100 ms between OK and its call. */
export const modernCallGap = millis(90);
/** Longer than a delayed acknowledgement: a board that was answered all it said by then waits for more. */
export const nudgeAfter = millis(250);
/** Without an answer for so long, more is sent all the same: an ESP32 hangs up after 4 s without data. */
export const starvesAfter = seconds(1.25);
/** How long the last burst may be kept back: two lost answers of a board's TCP and some (1.5, 4.5, 10.5 s). */
export const tailLimit = seconds(15);
/** An ESP32 hangs up after 4 s without data; a fed byte may have to be sent twice. */
export const feedEvery = seconds(2);
