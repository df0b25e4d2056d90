/** virtual: the ports of `machine/` over a simulated network and virtual time, and boards to hold without hardware.
 *  clock.ts: time that jumps.  network/: hosts, links, routers, and what can go wrong with them.  board/: the boards.  rom/: boards on a cable. */

export {
  Board,
  type BoardOptions,
  type BoardPorts,
  type BoardState,
  createBoard,
  type Faults,
  Flash,
  type Program,
  type SerialText,
  type Sketch,
  type StoredUpdate,
  type WhyDead,
} from './board/index.ts';
export { Hang, type VirtualClock, virtualClock } from './clock.ts';
export {
  boardTcp,
  type Firewall,
  hostTcp,
  type Link,
  type NicOptions,
  type NodeOptions,
  type SegmentRules,
  type TcpBehaviour,
  type VirtualNetwork,
  type VirtualNode,
  virtualNetwork,
  type Weather,
} from './network/index.ts';
export {
  type BareOptions,
  bareChip,
  type LineOptions,
  RomLoader,
  VirtualLine,
  virtualSerialPorts,
  WebPort,
  type WiredChip,
  wiredBoard,
} from './rom/index.ts';
