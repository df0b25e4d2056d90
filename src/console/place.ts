/** Where in the app one is: the fragment of the address, so that every place has a link and the hub needs to know none. */

export type Place =
  | { readonly page: 'devices' }
  | { readonly page: 'device'; readonly id: string }
  /** Devices and firmware that are chosen beforehand. */
  | { readonly page: 'flash'; readonly to: readonly string[]; readonly firmware?: string }
  /** Updates that were ordered together. */
  | { readonly page: 'batch'; readonly id: string }
  | { readonly page: 'update'; readonly id: string }
  | { readonly page: 'firmware' }
  | { readonly page: 'first-flash' }
  | { readonly page: 'why' }
  | { readonly page: 'settings' }
  /** The one-time link of the first start. */
  | { readonly page: 'start'; readonly secret: string };

const id = /^[a-z0-9]{1,64}$/;

/** Anything that is no place of ours is the list of devices. */
export function placeOf(fragment: string): Place {
  const [path = '', query = ''] = fragment.replace(/^#?\/?/, '').split('?', 2);
  const [page = '', part = ''] = path.split('/');
  const known = id.test(part) ? part : undefined;
  switch (page) {
    case 'devices':
      return known ? { page: 'device', id: known } : { page: 'devices' };
    case 'flash': {
      const words = new URLSearchParams(query);
      const firmware = words.get('firmware') ?? '';
      const to = (words.get('to') ?? '').split(',').filter((one) => id.test(one));
      return { page, to, ...(id.test(firmware) && { firmware }) };
    }
    case 'batch':
    case 'update':
      return known ? { page, id: known } : { page: 'devices' };
    case 'firmware':
    case 'first-flash':
    case 'why':
    case 'settings':
      return { page };
    case 'start':
      return { page, secret: part };
    default:
      return { page: 'devices' };
  }
}

export function hrefOf(place: Place): string {
  switch (place.page) {
    case 'device':
      return `#/devices/${place.id}`;
    case 'flash': {
      const words = [
        ...(place.to.length ? [`to=${place.to.join(',')}`] : []),
        ...(place.firmware ? [`firmware=${place.firmware}`] : []),
      ];
      return `#/flash${words.length ? `?${words.join('&')}` : ''}`;
    }
    case 'batch':
    case 'update':
      return `#/${place.page}/${place.id}`;
    case 'start':
      return `#/start/${place.secret}`;
    default:
      return `#/${place.page}`;
  }
}
