/** mdns: how boards say that they are there (RFC 6762, 6763).
 *  wire.ts: what travels.  records.ts: questions and records in short words.  browser.ts: the asking half.
 *  responder.ts: the answering half, a board's.  boards.ts: what the cores announce. */
export { type ArduinoService, announcedBoard, arduinoService } from './boards.ts';
export {
  type BrowserEffect,
  type BrowserEvent,
  type BrowserOptions,
  type BrowserState,
  type BrowserTelling,
  browse,
  browsing,
  type Service,
  servicesSeen,
} from './browser.ts';
export { addressRecord, arduinoQuery, ask, fold, ptr, sameName, srv, txt, txtValues } from './records.ts';
export {
  type Announced,
  type AnnouncedService,
  type ResponderEffect,
  type ResponderEvent,
  type ResponderState,
  respond,
  responding,
} from './responder.ts';
export {
  type Entry,
  type Message,
  mdnsGroup,
  mdnsPort,
  parseMessage,
  printMessage,
  type Question,
  type QuestionType,
} from './wire.ts';
