/** Sentences of plain English that can mean one thing only, and what they say. */
import type { FactName, FactValue } from '#values/facts.ts';

export interface Observation {
  readonly fact: FactName;
  readonly value: FactValue;
  readonly what: string;
}

export const observe = <N extends FactName>(fact: N, value: FactValue<N>, what: string): Observation => ({
  fact,
  value,
  what,
});

export const fails =
  /\b(?:did(?:n't| not)|does(?:n't| not)|do(?:n't| not)|not|never)\s(?:\w+\s){0,2}(?:help|solve|fix|change|work|succeed|matter|cure)|\bstill (?:the same|no\b|not\b|fails?|get|getting|have|doesn't)|\bsame (?:error|problem|result|issue|message|thing|response)|\bno (?:change|difference|luck|effect|success|joy|avail)\b|\bwithout (?:success|luck|effect)|\bfail(?:s|ed)?\b/i;
export const works = /\b(?:works?|worked|working|solved|fixed|cured|helped|success\w*|did the trick)\b/i;

/** A clause that is about what was just told: "and now it works", not "it worked yesterday". */
const worksNow =
  /^(?:(?:and|then|now|so|after that|suddenly|finally) )*(?:(?:it|that|this|everything|ota|the upload|the update) )?(?:(?:now|finally|then|all|just|is|was) )*(?:works?|worked|working|solved|fixed|helped|success\w*|did the trick)\b/i;
const earlier = /\b(?:before|until|till|used to|yesterday|earlier|ago)\b/i;

/** How something that was tried went, in the clause itself or the next ones. */
export function outcomeOf(text: string, after: readonly string[]): 'works' | 'fails' | undefined {
  if (fails.test(text)) return 'fails';
  if (works.test(text)) return earlier.test(text) && !/\bwith\b/i.test(text) ? undefined : 'works';
  for (const each of after) {
    if (fails.test(each)) return 'fails';
    if (worksNow.test(each)) return earlier.test(each) ? undefined : 'works';
  }
  return undefined;
}

export interface Trial {
  readonly words: RegExp;
  readonly fact: FactName & `trial.${string}`;
  /** Where the words alone tell. */
  readonly value?: (text: string, after: readonly string[]) => 'works' | 'fails' | undefined;
}

const off = '(?:disabl\\w*|turn\\w* off|switch\\w* off|shut\\w* (?:down|off)|kill\\w*|deactivat\\w*|stopp\\w*)';

export const trials: readonly Trial[] = [
  {
    words: new RegExp(
      `\\b${off}\\b.{0,50}\\bfirewall|\\bfirewall\\b.{0,30}\\b(?:is |was |were )?(?:${off}|off)\\b`,
      'i',
    ),
    fact: 'trial.firewall-off',
    // "Firewall disabled" in a report of a failure: it fails without one.
    value: (text, after) => (/\bre-?enabl/i.test(text) ? undefined : (outcomeOf(text, after) ?? 'fails')),
  },
  {
    words:
      /\b(?:another|other|different|second)\s(?:windows |linux |mac )?(?:computer|pc|laptop|machine|mac|macbook|host)\b|\b(?:on|from|with|using) (?:my|a|the) (?:macbook|mac|laptop|linux (?:box|pc|machine|laptop)|raspberry pi)\b/i,
    fact: 'trial.other-host',
    value: (text, after) => (/\bserial|\busb|\bcable/i.test(text) ? undefined : outcomeOf(text, after)),
  },
  {
    words:
      /\b(?:phone|mobile) hotspot\b|\b(?:another|different|other|second) (?:router|access point|AP|wi-?fi network)\b/i,
    fact: 'trial.other-network',
  },
  {
    words: /\b(?:another|other|second|different|twin) (?:board|esp-?\w{0,8}|device|module|nodemcu|wemos|sonoff)\b/i,
    fact: 'trial.other-board',
  },
  {
    words: /\b(?:without|omit\w*|remov\w*|delet\w*|disabl\w*) (?:the |a |any |my )?(?:ota )?password\b/i,
    fact: 'trial.without-password',
  },
  {
    words: /\b(?:smaller|shorter|tiny) (?:sketch|program|image|firmware|binary)\b/i,
    fact: 'trial.smaller-image',
  },
  {
    words: /\b(?:basic ?ota|bare|minimal|stock|plain) (?:ota )?(?:example|sketch)\b/i,
    fact: 'trial.minimal-sketch',
  },
  {
    words:
      /\bafter (?:a |an? \w+ |each |every )?power[- ]?cycl\w*|\bcycl\w* (?:the )?power\b.{0,60}\b(?:works?|worked|fix\w*|helps?|helped)\b|\bpower[- ]?cycl\w* (?:the \w+ |it )?(?:fixes|fixed|helps|helped|cures|solves|solved)/i,
    fact: 'trial.after-power-cycle',
    value: (text) => (works.test(text) && !fails.test(text) ? 'works' : undefined),
  },
  {
    words:
      /\b(?:works?|worked|succeeds) (?:only |just |fine |again |once )?(?:right |immediately |directly |just )?after (?:a |pressing |hitting )?(?:reset|reboot|restart)/i,
    fact: 'trial.right-after-reset',
    value: (text) => (fails.test(text) ? undefined : 'works'),
  },
  {
    words: /\brestart(?:ing|ed) (?:the )?(?:arduino )?IDE\b/i,
    fact: 'trial.tool-restarted',
  },
  {
    words:
      /\b(?:closer to|close to|next to|on top of|right beside|within (?:a|one|two|\d) met(?:er|re)s? of|near(?:er)?(?: to)?) (?:the |my )?(?:router|access point|AP)\b/i,
    fact: 'trial.closer',
    // "It fails unless it is next to the router": there it works.
    value: (text, after) => (/\bunless\b|\bonly\b/i.test(text) ? 'works' : outcomeOf(text, after)),
  },
  {
    words:
      /\b(?:another|different|better|stronger|external|other) (?:power supply|psu|supply|usb cable|power adapter|charger)\b/i,
    fact: 'trial.other-supply',
  },
  {
    words:
      /\b(?:downgrad\w*|roll(?:ed|ing) back|(?:going|went|go) back|revert\w*)\b.{0,40}\b(?:core|esp32|esp8266|boards?|package|[1-3]\.\d{1,2}\.\d{1,2})\b/i,
    fact: 'trial.other-core',
  },
  {
    words:
      /\b(?:in|with|from|using|via) (?:the )?(?:arduino IDE|IDE 1\.\d|IDE 2|platformio|command line|terminal|older IDE|old IDE)\b/i,
    fact: 'trial.other-tool',
    value: (text) =>
      works.test(text) && !fails.test(text) && !/\busb\b|\bserial\b|\bboth\b|\bcompil|\bwas\b/i.test(text)
        ? 'works'
        : undefined,
  },
  {
    words: /\b(?:by|with|using|via|to) (?:the |its |an? )?(?:static )?IP(?: address)?\b/i,
    fact: 'trial.by-address',
    value: (text) => (/\bworks\b|\bworked\b/i.test(text) && !fails.test(text) ? 'works' : undefined),
  },
  {
    words: /\b(?:serial (?:monitor|terminal) (?:is )?(?:open|connected)|terminal (?:is )?attached)\b/i,
    fact: 'trial.terminal-open',
    value: (text) => (/\bworks?\b/i.test(text) && !fails.test(text) ? 'works' : undefined),
  },
];

export interface Plain {
  readonly words: RegExp;
  readonly unless?: RegExp;
  readonly says: Observation;
}

const negated = /\b(?:not|can't|cannot|cant|couldn't|unable|never|no longer|won't|doesn't|didn't|isn't|fails?)\b/i;

const updated = '(?:updat\\w+|upgrad\\w+)(?: to)? (?:the |my |to )?';

/** What changed before it failed, by the words after "after" or "since". */
const changes: readonly (readonly [string, FactValue<'history.changed'>])[] = [
  [`${updated}(?:(?:esp32|esp8266|arduino) )?(?:core|board package|boards?)\\b`, 'core-version'],
  [`${updated}(?:arduino )?IDE\\b`, 'ide-version'],
  [`${updated}(?:windows|mac ?os|ubuntu|linux)\\b`, 'os'],
  ['(?:chang\\w+|replac\\w+|got|install\\w+) (?:the |my |a )?(?:new )?router\\b', 'router'],
  ['chang\\w+ (?:the |my )?(?:flash size|flash layout|spiffs size)\\b', 'flash-menu'],
  ['chang\\w+ (?:the |my )?partition (?:scheme|table)\\b', 'partition-table'],
  ['chang\\w+ (?:the |my )?(?:ota )?password\\b', 'password'],
];

export const plain: readonly Plain[] = [
  {
    words:
      /\b(?:can|able to|could) (?:\w+ )?ping\b|\bping(?:s|ing)? (?:it )?(?:works?|is (?:fine|ok|good)|fine|ok)\b|\b(?:responds?|answers?|repl(?:y|ies)) to (?:a )?pings?\b|\bping (?:the \w+ )?successfully\b|\bping(?:ed)? (?:the \w+|it)\b.{0,20}\b(?:replies|replied|answers|answered|responds|responded|works|fine|ok)\b/i,
    unless:
      /\b(?:not|can't|cannot|cant|couldn't|unable|never|no longer|won't|doesn't|didn't|isn't|google|router|gateway)\b/i,
    says: observe('net.ping', 'answered', 'the person: ping is answered'),
  },
  {
    words:
      /\b(?:can't|cannot|can not|unable to|not able to|couldn't) (?:even )?ping\b|\bping (?:fails|times out|doesn't work|is not answered)\b|\b(?:does not|doesn't) (?:respond|answer|reply) to (?:a )?pings?\b/i,
    says: observe('net.ping', 'silent', 'the person: ping is not answered'),
  },
  {
    words:
      /\b(?:IDE|arduino)\b.{0,20}\b(?:sees?|finds?|found|shows?|lists?|detects?|recogni[sz]es)\b.{0,50}\b(?:network|ports?|device|board|esp\w*)\b|\b(?:see|find|choose|select|pick)\b.{0,50}\b(?:network port|in (?:the )?(?:list of )?ports?\b|under (?:tools.{0,6})?ports?\b|in (?:the )?(?:arduino )?IDE\b)|\bport (?:shows?|appears?|is listed|is visible) (?:up )?(?:in|under) (?:the )?(?:arduino )?(?:IDE|tools|list)\b|\bnetwork port (?:is |does )?(?:there|listed|shown|shows? up|visible|appears?)\b|\b(?:able to|can|could) (?:always |still )?see (?:it|the \w{2,12}|my \w{2,12}) in (?:the )?(?:arduino |list of )?(?:IDE|ports?)\b/i,
    unless: negated,
    says: observe('discovery.listed', 'yes', 'the person: the port is listed'),
  },
  {
    words:
      /\bno network ports?\b|\b(?:esp\w*|board|device|nodemcu|it)\b.{0,20}\b(?:does not|doesn't|never|is not|isn't) (?:show\w*(?: up)?|appear\w*|listed|visible)\b.{0,40}\b(?:ports?|IDE|menu)\b|\bnetwork ports? (?:does not|doesn't|do not|don't|never|is not|isn't|not) (?:show|appear|list|visible|there)|\b(?:don't|do not|doesn't|does not|can't|cannot|not) (?:see|show|list|find|detect)\b.{0,40}\bnetwork port|\b(?:host ?name|port) (?:is |does )?(?:not|n't|never) (?:showing|show\w*|appear\w*|listed)\b.{0,30}\b(?:IDE|ports?|menu)\b|\b(?:network )?port (?:is gone|has (?:gone|vanished|disappeared)|disappeared)\b|\b(?:don't|do not|can't|cannot) see (?:the |my )?(?:esp\w*|board|device|port)\b.{0,30}\b(?:in|under) (?:the )?(?:arduino )?(?:IDE|ports?|tools)\b/i,
    says: observe('discovery.listed', 'no', 'the person: no network port is listed'),
  },
  {
    words:
      /\b(?:works?|worked|upload\w*|flash\w*|success\w*)\b.{0,50}\b(?:over|via|by|through|using|with) (?:the |a )?(?:usb|serial|cable|wire|uart|ftdi|com port)\b/i,
    unless:
      /\b(?:not|can't|cannot|couldn't|unable|never|won't|doesn't|didn't|fails?|weeks?|initial\w*|first|before|after|need|have to|want)\b/i,
    says: observe('trial.by-wire', 'works', 'the person: it works by cable'),
  },
  {
    words:
      /\b(?:work\w*|flash\w*|upload\w*|updat\w*|success\w*)\b.{0,30}\b(?:2|3|4|two|three|four|five|few|several|couple of) times\b/i,
    unless: /\b(?:not|can't|cannot|couldn't|never|didn't|fail\w*|tried)\b/i,
    says: observe('history.worked-before', 'a-few-times', 'the person: it worked a few times'),
  },
  {
    words:
      /\b(?:work\w*|flash\w*|upload\w*|updat\w*)\b.{0,50}\b(?:first time|once|(?:2|3|4|two|three|few|several) times)\b.{0,60}\b(?:now|then|after that|since then|any ?more|again)\b.{0,50}\b(?:fails?|failed|error|no longer|not|doesn't|same (?:problem|error|message))/i,
    says: observe(
      'attempt.reproducible',
      'first-works-then-fails',
      'the person: it worked at first and fails since then',
    ),
  },
  {
    words: /\b(?:worked|works|uploaded) (?:only |just |fine |for )?(?:once|the first time|one time)\b/i,
    unless: negated,
    says: observe('history.worked-before', 'once', 'the person: it worked once'),
  },
  {
    words:
      /\b(?:used to work|has always worked|worked (?:fine|well|great|perfectly)|was working (?:fine|well)?)\b.{0,30}\b(?:until|till|before) (?:I|the|an?|my|last|this)\b/i,
    says: observe('history.worked-before', 'until-a-change', 'the person: it worked until something changed'),
  },
  {
    words:
      /\b(?:OTA|over the air|wireless upload\w*)\b.{0,30}\bnever (?:once )?work(?:s|ed)\b|\bnever (?:got|managed to get) (?:the )?OTA\b.{0,20}\bwork/i,
    says: observe('history.worked-before', 'never', 'the person: it never worked'),
  },
  {
    words:
      /\b(?:power[- ]?cycled?|reset|unplugged|pressed reset|rebooted)\b.{0,30}\bafter (?:each|every|the) (?:\w+ )?(?:flash|upload|serial|usb)\w*/i,
    unless: /\b(?:not|haven't|didn't|never|without)\b/i,
    says: observe('history.wire-since-power-on', false, 'the person: it was restarted after each flash by cable'),
  },
  {
    words:
      /\b(?:very )?first (?:\w+ ){0,2}(?:updates?|uploads?|OTA|attempt)\b.{0,30}\bafter (?:flashing|uploading|programming|loading|a|the)\b.{0,40}\b(?:usb|serial(?:ly)?|cable|wire|uart|ftdi)\b/i,
    unless: /\bworks?\b|\bworked\b|\bpower/i,
    says: observe('history.wire-since-power-on', true, 'the person: the first update after one by cable'),
  },
  {
    words:
      /\b(?:haven't|have not|did not|didn't|without|never)\b.{0,20}\b(?:reset|power[- ]?cycl|reboot|unplug)\w*.{0,40}\b(?:after|since)\b.{0,30}\b(?:usb|serial|cable|wire)\b/i,
    says: observe('history.wire-since-power-on', true, 'the person: flashed by cable and not restarted since'),
  },
  {
    words:
      /\b(?:upload|flash|sent|put)\w*\b.{0,60}\b(?:without|that (?:has|had) no|(?:does not|doesn't|did not|didn't) (?:have|include|contain)(?: any)?|forgot (?:to (?:add|include|put))?) (?:the |any |in )?(?:OTA|ArduinoOTA)\b|^(?:but )?without (?:the |any )?(?:Arduino)?OTA (?:code|functionality|part|lines|support|library)\b/i,
    unless: /\bOTA password\b|\bworks?\b/i,
    says: observe('running.has-ota', false, 'the person: what was uploaded last has no OTA in it'),
  },
  {
    words:
      /\b(?:blynk|mqtt|cloud|server)\b.{0,20}\b(?:app|server|broker)?\b.{0,30}\b(?:no longer sees?|doesn't see|does not see|shows? (?:it |the device )?(?:as )?offline|is offline|is down|not connected)/i,
    says: observe('running.server-link', 'down', 'the person: the cloud no longer sees the board'),
  },
  {
    words:
      /\bweb ?(?:page|interface|server|site|ui)\b.{0,30}\b(?:works?|reachable|accessible|loads|opens|responds|is fine|is up)\b|\b(?:can|could) (?:still )?(?:open|access|reach|load|use) (?:the |its |my )?web ?(?:page|interface|server|site|ui)\b/i,
    unless: negated,
    says: observe('net.http', 'answers', 'the person: its web page answers'),
  },
  {
    words:
      /\b(?:fails?|error|happens|same|get)\b.{0,60}\bevery (?:single )?time\b|\balways (?:fails?|get (?:the|this)|the same error)\b/i,
    unless: /\bevery (?:second|other)\b/i,
    says: observe('attempt.reproducible', 'every-time', 'the person: it fails every time'),
  },
  {
    words:
      /\b(?:works?|fails?|uploads?)\b.{0,20}\b(?:sometimes|intermittent\w*|randomly|at random|now and then|occasionally)\b|\b(?:sometimes|occasionally) (?:it )?(?:works?|fails?)\b/i,
    says: observe('attempt.reproducible', 'sometimes', 'the person: it fails now and then'),
  },
  {
    words: /\bevery (?:second|other) (?:time|try|attempt|upload)\b/i,
    says: observe('attempt.reproducible', 'alternates', 'the person: every second try fails'),
  },
  {
    words: /\b(?:asks?|asked|asking|prompts?|prompted) (?:me )?for (?:a |the |some )?(?:board |ota )?password\b/i,
    unless: /\bserial monitor\b/i,
    says: observe('tool.asks-password', true, 'the person: the tool asks for a password'),
  },
  {
    words: /\b(?:open\w*|start\w*) (?:the |a )?serial monitor\b.{0,60}\b(?:password|network port)\b/i,
    says: observe(
      'history.monitor-on-network-port',
      true,
      'the person: the serial monitor was opened on the network port',
    ),
  },
  {
    words:
      /\bstill (?:running|runs|executing) (?:the )?(?:old|previous) (?:sketch|code|firmware|version|program)\b|\b(?:old|previous) (?:sketch|code|firmware|version|program) (?:is )?(?:still )?(?:runs|running)\b/i,
    unless: /\bnot\b/i,
    says: observe('after.running-build', 'old', 'the person: the old program still runs'),
  },
  {
    words:
      /\b(?:different|another|separate|neighbou?r(?:ing)?|other) (?:subnet|vlan|network)\b.{0,40}\b(?:behind|router|subnet|vlan|routed)\b|\b(?:different|another|separate) (?:subnet|vlan)\b/i,
    unless: /\b(?:not|isn't|same)\b/i,
    says: observe('net.device-segment', 'routed-subnet', 'the person: the board is in another subnet'),
  },
  {
    words: /\bsame (?:wi-?fi|network|subnet|lan|access point|router)\b/i,
    unless: /\bnot\b|\bsame \w+ (?:error|problem)|\bworks?\b/i,
    says: observe('net.device-segment', 'same', 'the person: computer and board share a network'),
  },
  {
    words:
      /\bport\b.{0,40}\b(?:disappears?|vanish\w*|goes away|is gone)\b.{0,30}\b(?:after|in) (?:a|some|about|\d|one|two|few)\b/i,
    says: observe('discovery.over-time', 'vanishes-after-boot', 'the person: the port vanishes after a while'),
  },
  {
    words:
      /\bport\b.{0,40}\b(?:comes and goes|appears and disappears|shows? up (?:only )?sometimes|sometimes (?:shows|appears))\b/i,
    says: observe('discovery.over-time', 'on-and-off', 'the person: the port comes and goes'),
  },
  {
    words:
      /\b(?:avahi(?:-browse|-discover)?|dns-sd|bonjour browser|(?:m?dns|zeroconf) browser)\b.{0,60}\b(?:shows?|sees?|finds?|lists?|found|displays?)\b/i,
    unless: negated,
    says: observe('discovery.raw-mdns', 'seen', 'the person: an mDNS browser sees the board'),
  },
  {
    words:
      /\b(?:on|from) (?:my |another |the other |a |the |a second )(?:phone|tablet|laptop|macbook|mac|second (?:pc|computer)|other (?:pc|computer)|pc|computer)\b.{0,40}\b(?:shows? up|appears?|is (?:visible|listed|found|there))\b/i,
    unless: new RegExp(`${negated.source}|\\b(?:wi-?fi|wireless)\\b`, 'i'),
    says: observe('discovery.elsewhere', 'any-host', 'the person: another computer sees the board'),
  },
  {
    words:
      /\b(?:on|from) (?:my|another|the|a) \w{2,10}\b.{0,12}\b(?:wi-?fi|wireless)\b.{0,30}\b(?:shows? up|appears?|is (?:visible|listed|found|there))\b/i,
    unless: negated,
    says: observe('discovery.elsewhere', 'same-access-point-only', 'the person: by Wi-Fi another computer sees it'),
  },
  {
    words: /\b(?:always|every time) (?:stops?|fails?|hangs?|gets? stuck|stuck|dies) at (?:the same|about|around|\d)/i,
    says: observe('transfer.stop-pattern', 'same-place', 'the person: it always stops at the same place'),
  },
  {
    words:
      /\b(?:stops?|fails?|hangs?|stuck|dies)\b.{0,20}\b(?:at|with) (?:a )?(?:different|random|varying) (?:percent\w*|points?|places?|%)/i,
    says: observe('transfer.stop-pattern', 'random', 'the person: it stops anywhere'),
  },
  {
    words:
      /\b(?:hangs|is dead|is stuck|is unresponsive|(?:does not|doesn't|won't|will not) (?:re)?(?:boot|start))\b.{0,30}\b(?:after|until)\b.{0,30}\b(?:upload|update|OTA|power|reset|unplug)/i,
    says: observe('after.restart', 'gone', 'the person: it is dead after the update'),
  },
  {
    words:
      /\b(?:spiffs|littlefs|files?|settings|configuration)\b.{0,30}\b(?:gone|lost|erased|wiped|deleted)\b.{0,30}\bafter\b/i,
    unless: /\bnot\b/i,
    says: observe('after.filesystem', 'lost', 'the person: stored files are lost'),
  },
  {
    words: /\b(?:upload\w*|IDE|espota|it)\b.{0,30}\b(?:hangs|is stuck|gets stuck|never (?:finishes|ends|returns))\b/i,
    unless: /%|\bpercent|\bafter\b|\bboard\b|\bnot\b/i,
    says: observe('attempt.tool-text', 'hangs', 'the person: the upload hangs'),
  },
  {
    words: /\bguest (?:wi-?fi|network|ssid)\b/i,
    unless: negated,
    says: observe('net.device-segment', 'guest', 'the person: a guest network'),
  },
  {
    words:
      /\b(?:VPN|tailscale|wireguard|zerotier|openvpn|nordvpn)\b.{0,30}\b(?:is on|was on|active|running|connected|enabled|installed|up)\b|\b(?:installed|enabled|connected to|using|turned on|with) (?:\w+ ){0,2}(?:VPN|tailscale|wireguard|zerotier|openvpn|nordvpn)\b|\b(?:without|disabl\w+|disconnect\w+|turn\w+ off|switch\w+ off|stopp\w+) (?:\w+ ){0,2}(?:VPN|tailscale|wireguard|zerotier|openvpn|nordvpn)\b.{0,40}\b(?:works?|worked|fixed|solved|helped)\b/i,
    unless: /\b(?:no|not|never) (?:\w+ ){0,2}(?:VPN|tailscale|wireguard)\b|\bover (?:the |a )?VPN\b/i,
    says: observe('net.source-address', 'vpn', 'the person: a VPN is on'),
  },
  {
    words: /\bworks? only (?:while|as long as) (?:the |my )?(?:broker|mqtt|server|blynk|cloud|internet)\b/i,
    says: observe('trial.server-up', 'works', 'the person: it works while the server is up'),
  },
  {
    words: /\b(?:did not|didn't|does not|doesn't|never) (?:restart|reboot)(?:s|ed)?\b/i,
    unless: /\b(?:after|until|hangs?|dead|used to|correctly|properly)\b/i,
    says: observe('after.restart', 'none', 'the person: it did not restart'),
  },
  {
    words:
      /\b(?:sketch|code|program|board|esp\w*)\b.{0,20}\b(?:has|have|sets?|with) no (?:OTA )?password\b|\bno (?:OTA )?password (?:is |was )?set\b/i,
    says: observe('sketch.password-form', 'none', 'the person: the sketch has no password'),
  },
  {
    words: /\b(?:in|from|under|inside|using|on) WSL ?2?\b/i,
    unless: negated,
    says: observe('host.confinement', 'wsl', 'the person: it runs in WSL'),
  },
  {
    words: /\b(?:in|from|inside) (?:a |the )?docker(?: container)?\b/i,
    unless: negated,
    says: observe('host.confinement', 'container', 'the person: it runs in a container'),
  },
  {
    words: /\b(?:relay|button|switch|led|sensor|dht\d\d)\b.{0,30}\b(?:on|to|at) GPIO ?-?(?:0|2|15)\b/i,
    unless: negated,
    says: observe('person.parts-on-boot-pins', true, 'the person: something is wired to a boot pin'),
  },
  {
    words:
      /\b(?:changed|switched|selected|set|picked) (?:the |my |a |to a |to another )?(?:\w+ )?partition (?:scheme|table)\b/i,
    unless: /\bnot\b|\bbefore\b/i,
    says: observe('history.changed', 'partition-table', 'the person: the partition scheme was changed'),
  },
  {
    words:
      /\bworks?\b.{0,80}\b(?:under|with|on|in|using)\b.{0,24}\b[1-3]\.\d{1,2}(?:\.\d{1,2})? (?:or|and) (?:earlier|older|below|before)\b|\bworks?\b.{0,20}\b(?:with|on|in|under) (?:the |an )?(?:older|earlier|previous|old) (?:core|version of the core|board package|esp\d+ core)\b/i,
    says: observe('trial.other-core', 'works', 'the person: it works with an older core'),
  },
  ...changes.map(([what, change]) => ({
    words: new RegExp(`\\b(?:after|since) (?:I |the |an? |my )?(?:\\w+ )?${what}`, 'i'),
    unless: /\b(?:same|not)\b/i,
    says: observe('history.changed', change, `the person: changed before it failed: ${change.replaceAll('-', ' ')}`),
  })),
];
