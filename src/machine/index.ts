/** machine: the one door to the world. Each port is a few verbs; `node/` does them for real, `virtual/` over a simulated
 *  network with virtual time. Only the mains choose. Nothing here has code: these are promises.
 *
 *  Sockets report by callbacks and never throw: a thing that cannot be done arrives as a `Trouble`. */
export type { Clock, Timer } from './clock.ts';
export type {
  Commands,
  Dns,
  Entry,
  Environment,
  Files,
  Folders,
  Http,
  HttpAnswer,
  Neighbour,
  Neighbours,
  Ping,
  Random,
  Routes,
  Secrets,
  SerialPort,
  SerialPortInfo,
  SerialPorts,
  SerialTrouble,
  WebReply,
  WebRequest,
  WebServers,
} from './host.ts';
export type {
  Address,
  Endpoint,
  Interface,
  Tcp,
  TcpConnection,
  TcpEvents,
  TcpListener,
  TcpListenerEvents,
  Trouble,
  TroubleKind,
  Udp,
  UdpEvents,
  UdpSocket,
} from './net.ts';
export type { World } from './world.ts';
