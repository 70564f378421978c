import { list, type Option, oneOf } from '@kuryr-l7/config';

export const MULTI_VIF_DRIVERS: Option<readonly string[]> = {
  group: 'kubernetes',
  name: 'multi_vif_drivers',
  type: list(oneOf(['noop'])),
  default: ['noop'],
  help: "Kuryr's drivers of further interfaces of Pods, of which there are none here. The default is Kuryr's.",
};
