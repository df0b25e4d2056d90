/** Every fact as a clause in plain words: evidence is shown with these. Lower case, no full stop. */
import { type Fact, type FactName, vocabulary } from '#values/facts.ts';
import { formatBytes, formatNumber } from '#values/index.ts';
import { ruleWords, trialWords } from './variation-words.ts';

type Clause = string | ((value: string | number | boolean) => string);
type Clauses = Readonly<Record<string, string>> | Clause;

const bytes = (before: string) => (value: unknown) => `${before} ${formatNumber(Number(value))} bytes`;

const toolNames: Readonly<Record<string, string>> = {
  'arduino-ide': 'the Arduino IDE',
  'arduino-ide-1': 'Arduino IDE 1',
  'arduino-ide-2': 'Arduino IDE 2',
  platformio: 'PlatformIO',
  eclipse: 'Eclipse',
  esphome: 'ESPHome',
  'fs-plugin': 'a file-system plugin',
  'command-line': 'a command',
  browser: 'a browser',
  device: 'the board itself',
  app: 'an app',
  whyota: 'WhyOTA',
  other: 'another tool',
};

const methods: Readonly<Record<string, string>> = {
  espota: 'as ArduinoOTA does it',
  'network-upload': 'by network upload',
  'http-form': 'through a web form',
  'http-pull': 'by HTTP, fetched by the board',
  esphome: "by ESPHome's own way",
  'blynk-air': 'by Blynk.Air',
  serial: 'by cable',
};

const clauses: Readonly<Partial<Record<FactName, Clauses>>> = {
  'host.os': (value) =>
    `this computer runs ${{ windows: 'Windows', macos: 'macOS', linux: 'Linux' }[String(value)] ?? value}`,
  'host.confinement': {
    none: 'the upload program runs directly on this computer',
    snap: 'the upload program is locked into a snap package',
    flatpak: 'the upload program is locked into a Flatpak sandbox',
    container: 'the upload program runs in a container',
    wsl: 'the upload program runs in WSL, behind Windows',
    'vm-nat': 'the upload program runs in a virtual machine with a network of its own',
    'vm-bridged': 'the upload program runs in a virtual machine that is on your network',
  },
  'host.ipv6-on-lan': {
    true: 'this computer has IPv6 on your network',
    false: 'this computer has no IPv6 on your network',
  },
  'host.network-category': {
    public: 'Windows treats this network as public',
    private: 'Windows treats this network as private',
    domain: 'Windows treats this network as a company network',
  },
  'host.firewall.inbound': {
    off: 'no firewall is active on this computer',
    allowed: "this computer's firewall lets the board call back",
    blocked: "a rule of this computer's firewall turns the board away",
    'default-deny': "this computer's firewall turns away every call that has no rule",
    'default-allow': "this computer's firewall lets calls in by default",
  },
  'host.local-network-permission': {
    granted: 'macOS lets the program reach the local network',
    denied: 'macOS does not let the program reach the local network',
    'never-asked': 'macOS has not asked about the local network yet',
  },
  'listener.bind': {
    ok: 'this computer could open the port for the call back',
    'in-use': 'another program has the port for the call back',
    'address-not-own': 'the address given for the call back is not one of this computer',
    'permission-denied': 'the system does not let the program open a port',
    'other-error': 'the port for the call back could not be opened',
  },
  'listener.from-peer': {
    accepted: 'another machine on your network could call this computer back',
    refused: 'another machine that calls this computer is refused',
    'timed-out': 'another machine that calls this computer gets no answer',
    failed: 'another machine could not call this computer',
  },
  'tool.name': (value) => `the upload was made with ${toolNames[String(value)] ?? value}`,
  'tool.version': (value) => `the tool's version is ${value}`,
  'tool.method': (value) => `the firmware travels ${methods[String(value)] ?? value}`,
  'tool.program': (value) =>
    value === 'none' ? 'no upload program was started' : `the program that was really started is ${value}`,
  'tool.auth-schemes': {
    md5: 'this uploader knows only the old kind of password check',
    'md5-and-sha256': 'this uploader knows both kinds of password check',
  },
  'tool.interpreter': {
    found: 'Python was found and ran',
    'not-found': 'the tool did not find Python',
    'wrong-version': 'the tool found a Python of another generation than its script needs',
  },
  'tool.asks-password': { true: 'the tool asked for a board password', false: 'the tool did not ask for a password' },
  'args.target': {
    ipv4: 'the uploader was given a numeric address',
    ipv6: 'the uploader was given an IPv6 address',
    'dot-local': 'the uploader was given a .local name',
    'bare-name': 'the uploader was given a bare name',
    'domain-name': 'the uploader was given a domain name',
    'serial-device': 'the uploader was given a serial port',
    placeholder: 'the uploader was given a placeholder that nobody filled in',
    empty: 'the uploader was given no address',
  },
  'args.ota-port': (value) => `the invitation went to port ${value}`,
  'args.auth-shape': {
    absent: 'no password was passed',
    empty: 'an empty password was passed',
    given: 'a password was passed',
    plain: 'a plain password was passed',
    'has-space': 'the password that was passed has a space in it',
    'has-flag': 'the password that was passed has another option inside it',
    'has-shell-character': 'the password that was passed has a character that shells treat specially',
    'hex-32': 'what was passed as password looks like an MD5 hash',
    'hex-64': 'what was passed as password looks like a SHA-256 hash',
  },
  'args.command': { sketch: 'a sketch was announced', filesystem: 'a file system was announced' },
  'net.arp': {
    board: 'an Espressif or Pico board answers at this address',
    'other-device': 'something that is not the board answers at this address',
    'two-macs': 'two machines claim this address',
    silent: 'nobody answers at this address',
    'not-on-link': 'the address is not on the network of this computer',
  },
  'net.lease': {
    present: 'the router lists the board',
    absent: 'the router does not list the board',
    'other-address': 'the router gave the board another address',
    'reserved-for-other': 'the router keeps this address for something else',
  },
  'net.ping': {
    answered: 'the board answers ping',
    lossy: 'many pings to the board are lost',
    'awake-windows': 'the board answers ping only for a few seconds now and then',
    silent: 'the board does not answer ping',
  },
  'net.ping-pattern': {
    steady: 'ping times are steady',
    'saw-tooth': 'ping times rise and fall like a saw',
    spikes: 'ping times jump',
    'long-gaps': 'ping answers pause for long',
  },
  'net.source-address': {
    'device-subnet': "the invitation leaves from the board's own network",
    'other-lan': 'the invitation leaves through another network card',
    vpn: 'the invitation leaves through a VPN',
    virtual: 'the invitation leaves through a virtual network card',
    public: 'the invitation leaves through a public address',
  },
  'net.device-segment': {
    same: 'board and computer are on the same network',
    guest: 'the board is on the guest network',
    'routed-subnet': 'board and computer are in different networks with a router between',
    'behind-nat': 'an address-translating router stands between computer and board',
    'own-access-point': "the board is on its own access point's network",
  },
  'net.from-elsewhere': {
    reachable: 'another machine reaches the board',
    unreachable: 'other machines do not reach the board either',
  },
  'net.device-online': { true: 'the board is online', false: 'the board is not online' },
  'net.other-address': {
    none: 'the board answers at no other address',
    'previous-build': 'the board answers at the address of the previous sketch',
    'dhcp-lease': 'the board answers at an address from the router',
    other: 'the board answers at another address',
  },
  'net.http': {
    answers: "the board's own web page answers",
    closed: "the board's web port is closed",
    silent: "the board's web port is silent",
  },
  'net.signal': {
    good: 'the Wi-Fi signal is good',
    weak: 'the Wi-Fi signal is weak',
    swinging: 'the Wi-Fi signal swings',
  },
  'discovery.listed': {
    yes: 'the IDE lists the board',
    no: 'the IDE does not list the board',
    stale: 'the IDE lists the board with an address it no longer has',
  },
  'discovery.raw-mdns': {
    seen: "the board's announcement reaches this computer",
    absent: 'no announcement of the board reaches this computer',
  },
  'discovery.elsewhere': {
    'any-host': 'other computers see the announcement',
    'same-access-point-only': 'only machines on the same access point see the announcement',
    'device-own-network': "the announcement is seen only on the board's own access point",
    nowhere: 'no machine sees an announcement',
  },
  'discovery.over-time': {
    always: 'the board is always listed',
    never: 'the board is never listed',
    'vanishes-after-boot': 'the board is listed after a start and then vanishes',
    'on-and-off': 'the board is listed on and off',
    'after-tool-restart': 'the board is listed again after the IDE is restarted',
    'only-with-forwarding': 'the board is listed only since the router relays announcements',
  },
  'discovery.name-legal': {
    true: "the board's name has legal characters only",
    false: "the board's name has characters that a host name may not have",
  },
  'discovery.name-as-configured': {
    true: 'the name it announces is the one in the sketch',
    false: 'the name it announces is not the one in the sketch',
  },
  'discovery.auth-upload': {
    yes: 'the board announces that it wants a password',
    no: 'the board announces that it wants no password',
  },
  'discovery.answers-over': {
    ipv4: "the board's announcements come over IPv4 only",
    ipv6: "the board's announcements come over IPv6 only",
    both: "the board's announcements come over IPv4 and IPv6",
  },
  'discovery.name-resolves': {
    yes: 'the name leads to an address',
    no: 'the name leads to no address',
    several: 'the name leads to several addresses',
    'other-board': 'the name leads to another board',
  },
  'invite.sent': {
    'on-the-wire': 'the invitation left this computer',
    'not-sent': 'no invitation left this computer',
    'no-route': 'the system had no way to send the invitation',
    denied: 'the system refused to send the invitation',
    'name-not-found': 'the name of the board was not found',
  },
  'invite.reply': {
    ok: 'the board answered the invitation with OK',
    auth: 'the board asked for its password',
    error: 'the board answered the invitation with an error',
    silence: 'the board did not answer the invitation',
    'port-unreachable': 'the board is there, but nothing listens on its update port',
    garbled: 'the answer to the invitation made no sense',
  },
  'invite.latency': (value) => `the first answer took ${formatNumber(Number(value))} ms`,
  'invite.pattern': {
    always: 'the board answers every invitation',
    never: 'the board never answers an invitation',
    'now-and-then-lost': 'now and then an invitation is lost',
    alternates: 'every second invitation is answered',
    random: 'invitations are answered at random',
    bursts: 'invitations are answered in bursts',
    'only-after-reset': 'invitations are answered only after a reset',
    'waits-for-a-free-loop': "answers wait for the sketch's loop to come round",
  },
  'invite.again-after-ok': {
    'at-once': 'after its OK the board is ready again at once: it did not try to call back',
    'after-connect-timeout': 'after its OK the board is busy for as long as a call takes to fail',
    'much-later': 'after its OK the board answers again only much later',
    'after-reboot': 'after its OK the board restarted',
    never: 'after its OK the board never answers again',
  },
  'auth.nonce-length': (value) => `the challenge has ${value} hex digits`,
  'auth.result': {
    accepted: 'the board took the password',
    refused: 'the board refused the password',
    'no-reply': 'the board did not answer to the password',
  },
  'auth.accepted-form': {
    none: 'the board takes no form of this password',
    plain: 'the board takes the plain password',
    'previous-password': 'the board takes the password of the previous sketch',
    'md5-of-it': 'the board takes the MD5 of the password',
    'sha256-of-it': 'the board takes the SHA-256 of the password',
    'first-set-value': 'the board takes the password that was set first',
  },
  'connectback.tcp': {
    accepted: 'the board called back',
    'timed-out': 'the board did not call back in time',
    late: 'the board called back after the tool had given up',
    'closed-at-once': 'the board called back and hung up at once',
  },
  'connectback.syn': {
    none: "no call from the board reached this computer's network card",
    'seen-not-accepted': "the board's call reached this computer, but not the program",
    'seen-late': "the board's call came after the tool had given up",
    'other-interface': "the board's call came in on another network card",
    'reset-after': "the board's call was cut off",
  },
  'connectback.peer': {
    device: 'the board itself called back',
    gateway: 'the call back goes to a router',
    other: 'something else called back',
  },
  'connectback.largest-called': (value) =>
    Number(value) === 0
      ? 'the board calls back for no size at all'
      : `the board calls back for an update of ${formatNumber(Number(value))} bytes`,
  'connectback.app-sessions': {
    dropped: "the sketch's own connections dropped at the attempt",
    survived: "the sketch's own connections survived the attempt",
  },
  'transfer.stopped-at': (value) => `the transfer stopped at ${Math.round(Number(value))} %`,
  'transfer.stop-pattern': {
    'same-place': 'it stops at the same place each time',
    'same-time': 'it stops after the same time each time',
    random: 'it stops at another place each time',
    'at-start': 'it stops at the start each time',
    'at-end': 'it stops at the end each time',
  },
  'transfer.end': {
    completed: 'all bytes arrived',
    stall: 'the transfer came to a standstill',
    reboot: 'the board restarted in the middle',
    closed: 'the connection was closed in the middle',
    'error-text': 'the board broke the transfer off with an error',
  },
  'transfer.ping': {
    steady: 'ping stays steady during the transfer',
    spikes: 'ping times jump during the transfer',
    bursts: 'ping answers come in bursts during the transfer',
    lost: 'ping is lost during the transfer',
  },
  'transfer.ack-time': (value) => `a piece takes ${formatNumber(Number(value))} ms to be acknowledged`,
  'attempt.stopped-in': {
    prepare: 'it failed before anything was sent',
    discover: 'it failed while the board was being looked for',
    listen: 'it failed when this computer opened its own port',
    invite: 'it failed at the invitation',
    authenticate: 'it failed at the password',
    'connect-back': 'it failed when the board should have called back',
    transfer: 'it failed during the transfer',
    verdict: 'it failed after the last byte, at the final answer',
    restart: 'it failed after the update, at the restart',
    run: 'it failed with the new sketch running',
  },
  'attempt.tool-text': (value) => `the tool's last words were "${String(value).replaceAll('-', ' ')}"`,
  'attempt.reproducible': {
    'every-time': 'it fails every time',
    sometimes: 'it fails sometimes',
    alternates: 'it fails every second time',
    'first-works-then-fails': 'it works once and then fails',
    'different-each-time': 'it fails in another way each time',
  },
  'verdict.reply': {
    ok: 'the board ended with OK',
    error: 'the board ended with an error',
    'ok-with-count': "the board's OK came glued to a number",
    none: 'the board gave no final answer',
  },
  'device.error': (value) => `the board itself named the error: ${String(value).replaceAll('-', ' ')}`,
  'after.restart': {
    none: 'the board did not restart',
    returns: 'the board restarted and came back',
    gone: 'the board did not come back',
    cycles: 'the board restarts again and again',
    'runs-without-network': 'the board runs, but not on the network',
  },
  'after.running-build': {
    new: 'the new sketch runs',
    old: 'the old sketch still runs',
    'new-then-old': 'the new sketch ran, then the old one came back',
    'new-on-other-board': 'the new sketch runs on another board',
  },
  'after.filesystem': { intact: 'stored files are still there', lost: 'stored files are gone' },
  'image.kind': (value) =>
    `the file is ${{ app: 'a plain sketch', 'gzip-app': 'a compressed sketch', merged: 'a merged image (boot loader, table and sketch in one)', bootloader: 'a boot loader', 'partition-table': 'a partition table', filesystem: 'a file system', elf: 'an ELF file', hex: 'a HEX file', uf2: 'a UF2 file', 'web-page': 'a web page', erased: 'nothing but 0xFF', empty: 'empty' }[String(value)] ?? 'nothing that a board could run'}`,
  'image.size': bytes('the file has'),
  'image.intact': { true: 'the file is whole', false: 'the file is damaged' },
  'image.chip': (value) => `the file was built for the ${value}`,
  'image.flash-declared': (value) => `the file says that the flash has ${formatBytes(Number(value))}`,
  'image.flash-mode': (value) => `the file asks for flash mode ${String(value).toUpperCase()}`,
  'image.signature': {
    absent: 'the file is not signed',
    'right-key': 'the file is signed with the right key',
    'other-key': 'the file is signed with another key',
    'wrong-form': 'the signature has the wrong form',
  },
  'image.has-ota': { true: 'the new sketch can be updated over the air', false: 'the new sketch has no OTA code' },
  'fit.verdict': { fits: 'the update fits', 'too-big': 'the update does not fit' },
  'fit.spare': (value) =>
    Number(value) < 0
      ? `${formatNumber(-Number(value))} bytes of room are missing`
      : `${formatNumber(Number(value))} bytes of room are left`,
  'board.family': (value) => `the board is an ${String(value).toUpperCase()}`,
  'board.chip': (value) => `the board's chip is an ${String(value).toUpperCase()}`,
  'board.name': (value) => `the board is "${value}"`,
  'board.flash-real': (value) => `the flash chip really has ${formatBytes(Number(value))}`,
  'board.ota-port': (value) => `the board listens on port ${value}`,
  'build.core-version': (value) => `the new sketch is built with core ${value}`,
  'build.library': (value) => `the build uses ${value}`,
  'build.sketch-uses': (value) => `the sketch uses ${formatNumber(Number(value))} bytes`,
  'build.fs-start': (value) => `the file system begins at ${formatNumber(Number(value))} bytes`,
  'build.app-slots': (value) =>
    Number(value) === 1
      ? 'the partition table has one place for a sketch and none for an update'
      : `the partition table has ${value} places for a sketch`,
  'build.second-slot-end': bytes('the second place for a sketch ends at'),
  'build.boot-selector': {
    'default-offset': 'the boot selector lies where the tools expect it',
    'other-offset': 'the boot selector lies at an unusual place',
    'factory-app': 'a factory sketch precedes the update slots',
  },
  'build.ide-usage': (value) => `the build says that ${value} % are used`,
  'build.address': {
    dhcp: 'the new sketch takes its address from the router',
    'static-as-target': 'the address aimed at is the one in the new sketch',
    'static-other': 'the new sketch has another fixed address',
  },
  'running.core-version': (value) => `the sketch on the board is built with core ${value}`,
  'running.firmware': (value) => `${value} runs on the board`,
  'running.has-ota': { true: 'the sketch on the board has OTA code', false: 'the sketch on the board has no OTA code' },
  'running.size': bytes('the sketch on the board has'),
  'running.flash-declared': (value) => `the sketch on the board was built for ${formatBytes(Number(value))} of flash`,
  'running.flash-mode': (value) => `the sketch on the board uses flash mode ${String(value).toUpperCase()}`,
  'running.slot-size': bytes('the place for an update on the board has'),
  'running.layout-vs-new': {
    same: 'the sketch on the board and the new one divide the flash alike',
    differs: 'the sketch on the board and the new one divide the flash differently',
  },
  'running.free-space': bytes('the board itself reports room for'),
  'running.heap': {
    ample: 'the board has memory to spare',
    low: 'the board is short of memory',
    falling: "the board's free memory keeps falling",
  },
  'running.server-link': {
    up: 'the server that the sketch talks to is connected',
    down: 'the server that the sketch talks to is not connected',
  },
  'running.wifi-mode': {
    station: 'the board is a client of your Wi-Fi',
    ap: 'the board runs only an access point of its own',
    'ap-and-station': 'the board is a client and an access point at once',
  },
  'running.wants-signature': { true: 'the board takes signed files only', false: 'the board takes unsigned files' },
  'sketch.role': {
    running: 'the sketch at hand is the one on the board',
    new: 'the sketch at hand is the new one',
    both: 'the sketch at hand is the new one and the one on the board',
  },
  'sketch.stock-example': {
    true: "the sketch is the core's own OTA example",
    false: "the sketch is more than the core's OTA example",
  },
  'sketch.joins-wifi': {
    true: 'the sketch joins Wi-Fi before OTA begins',
    false: 'the sketch joins no Wi-Fi before OTA begins',
  },
  'sketch.longest-wait': (value) => `one pass of loop() can take ${formatNumber(Number(value))} ms`,
  'sketch.password-form': {
    none: 'the sketch sets no password',
    plain: 'the sketch sets a plain password',
    'md5-hash': 'the sketch sets an MD5 hash',
    'sha256-hash': 'the sketch sets a SHA-256 hash',
    'upper-case-hash': 'the sketch sets a hash in capital letters',
    'other-hash': 'the sketch sets a hash of no known kind',
  },
  'sketch.stops-work-on-start': {
    true: 'the sketch stops its other work when an update starts',
    false: 'the sketch goes on working while an update comes in',
  },
  'serial.start-reached': {
    true: 'the sketch reported the start of the update',
    false: 'the sketch did not report a start of the update',
  },
  'serial.first-error': {
    auth: 'the serial log says "Auth Failed"',
    begin: 'the serial log says "Begin Failed"',
    connect: 'the serial log says "Connect Failed"',
    receive: 'the serial log says "Receive Failed"',
    end: 'the serial log says "End Failed" and nothing before it',
  },
  'serial.request-seen': {
    'at-once': 'the sketch saw the invitation at once',
    late: 'the sketch saw the invitation late',
    never: 'the sketch never saw the invitation',
  },
  'serial.last-sign': {
    'wifi-wait': 'the serial log ends while waiting for Wi-Fi',
    'config-portal': 'the serial log ends in a set-up portal',
    'server-connect': 'the serial log ends while connecting to a server',
    'serial-wait': 'the sketch waits for a serial terminal',
    'sensor-init': 'the serial log ends at starting a sensor',
    'ip-printed': 'the serial log shows the address',
    ready: 'the serial log shows that the sketch was ready',
    nothing: 'the serial log is empty',
  },
  'serial.boot-mode': (value) =>
    value === 1
      ? 'the board woke up in upload mode instead of starting the sketch (boot mode 1)'
      : `the boot mode is ${value}`,
  'serial.eboot': {
    normal: 'the boot loader started the sketch',
    copied: 'the boot loader put the update in place',
    'copy-failed': 'the boot loader could not put the update in place',
    'load-failed': 'the boot loader could not start the sketch',
  },
  'serial.reset-reason': (value) => `the last restart was because of: ${String(value).replaceAll('-', ' ')}`,
  'serial.crash': (value) =>
    value === 'none'
      ? 'the serial log shows no crash'
      : `the serial log shows a crash: ${String(value).replaceAll('-', ' ')}`,
  'serial.crash-place': {
    interrupt: 'the crash is in an interrupt handler',
    'ota-callback': "the crash is in the sketch's OTA callback",
    'user-code': "the crash is in the sketch's own code",
    mdns: 'the crash is in the announcer (mDNS)',
    'network-stack': 'the crash is in the network code',
    updater: 'the crash is in the updater',
  },
  'serial.tls-error': (value) =>
    value === 'none'
      ? 'the secure connection had no error'
      : `the secure connection failed: ${String(value).replaceAll('-', ' ')}`,
  'serial.says': {
    rollback: 'the boot loader says that it went back to the old sketch',
    'udp-bind-failed': 'the serial log says that the update port was taken',
    'flash-size-not-as-built': 'the board says that its flash is not as large as the sketch was built for',
    'image-too-large': 'the serial log says that the image is too large',
    'no-update-partition': 'the serial log says that there is no partition for an update',
    'mdns-failed': 'the serial log says that the announcer failed',
  },
  'pull.server': {
    reachable: "the update server can be reached from the board's network",
    unreachable: "the update server can't be reached from the board's network",
  },
  'pull.status': (value) => `the server answered the board with ${value}`,
  'pull.body': {
    firmware: 'the server sends a firmware',
    'web-page': 'the server sends a web page',
    json: 'the server sends JSON',
    shifted: 'the firmware that the server sends is shifted',
    empty: 'the server sends nothing',
    'other-firmware': 'the server sends a firmware for something else',
  },
  'pull.length': {
    right: 'the server says how long the file is',
    absent: 'the server does not say how long the file is',
    wrong: 'the server says a wrong length',
  },
  'history.worked-before': {
    never: 'it has never worked over the air',
    once: 'it worked over the air once',
    'a-few-times': 'it worked over the air a few times',
    'until-a-change': 'it worked until something changed',
    regularly: 'it usually works',
  },
  'history.changed': (value) =>
    value === 'nothing' ? 'nothing is known to have changed' : `what changed: ${String(value).replaceAll('-', ' ')}`,
  'history.wire-since-power-on': {
    true: 'the board was flashed by cable and not reset since',
    false: 'the board was reset since its last upload by cable',
  },
  'history.monitor-on-network-port': {
    true: 'the serial monitor was opened on the network port',
    false: 'the serial monitor was not opened on the network port',
  },
  'person.supply': (value) => `the board is fed from: ${String(value).replaceAll('-', ' ')}`,
  'person.parts-near-antenna': {
    true: 'something large or metallic is next to the antenna',
    false: 'nothing is next to the antenna',
  },
  'person.parts-on-boot-pins': {
    true: 'parts are wired to pins that decide how the board starts',
    false: 'nothing is wired to the pins that decide how the board starts',
  },
};

/** One fact in words. */
export function describe({ fact: name, value, inferred }: Fact): string {
  const said = clauseOf(name, value);
  return inferred ? `${said} (worked out, not seen)` : said;
}

function clauseOf(name: FactName, value: string | number | boolean): string {
  if (name.startsWith('trial.')) return trialWords(name.slice('trial.'.length), value === 'works');
  if (name.startsWith('sketch.lint.')) return ruleWords(name.slice('sketch.lint.'.length), value === true);
  const clause = clauses[name];
  if (typeof clause === 'function') return clause(value);
  if (typeof clause === 'string') return clause;
  return clause?.[String(value)] ?? `${name} is ${value}`;
}

/** Names that have words of their own; for the test that none is forgotten. */
export const described = (name: string): boolean =>
  Object.hasOwn(vocabulary, name) && (name in clauses || /^(trial|sketch\.lint)\./.test(name));
