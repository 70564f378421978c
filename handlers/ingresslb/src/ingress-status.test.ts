import { describe, expect, it } from '@jest/globals';
import type { RouterDescription } from '@kuryr-l7/plugin';
import { complaints, loadBalancerStatus, sameStatus, withoutRouter } from './ingress-status.js';

const router: RouterDescription = {
  id: 'r',
  name: 'router',
  addresses: [{ ip: '203.0.113.7' }],
  listeners: [
    { key: 'HTTP:80', protocol: 'HTTP', port: 80 },
    { key: 'TERMINATED_HTTPS:443', protocol: 'TERMINATED_HTTPS', port: 443 },
  ],
  addressFamily: 'IPv4',
};

describe('the status of an Ingress', () => {
  it('holds the address of the router with its ports when all is routed', () => {
    expect(loadBalancerStatus(router, [])).toEqual([
      {
        ip: '203.0.113.7',
        ports: [
          { port: 80, protocol: 'TCP' },
          { port: 443, protocol: 'TCP' },
        ],
      },
    ]);
  });

  it('tells the first reason in the form that the API accepts from outside Kubernetes', () => {
    const outcome = {
      handled: true,
      pools: [],
      problems: [{ reason: 'ServiceNotFound' as const, field: 'spec.defaultBackend', message: 'no Service a/b' }],
    };
    const said = complaints(outcome, [{ source: { kind: 'Ingress', namespace: 'a', name: 'i' }, message: 'refused' }]);
    expect(said).toEqual([
      { reason: 'ServiceNotFound', message: 'spec.defaultBackend: no Service a/b' },
      { reason: 'RouterRefused', message: 'refused' },
    ]);
    expect(loadBalancerStatus(router, said)[0]?.ports?.[0]).toEqual({
      port: 80,
      protocol: 'TCP',
      error: 'openstack.org/ServiceNotFound',
    });
  });

  it('loses our address, and nobody else’s, when the Ingress is not ours any more', () => {
    const other = { hostname: 'lb.example.org' };
    expect(withoutRouter([{ ip: '203.0.113.7' }, other], router)).toEqual([other]);
  });

  it('is not written again when only the form of an empty field differs', () => {
    expect(sameStatus([{ ip: '1.2.3.4', ports: [] }], [{ ip: '1.2.3.4' }])).toBe(true);
    expect(sameStatus([{ ip: '1.2.3.4' }], [{ ip: '1.2.3.5' }])).toBe(false);
  });
});
