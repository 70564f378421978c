import { ConfigurationError } from '@kuryr-l7/plugin';
import type { OctaviaSettings } from '../settings.js';
import { type Fact, objectionTo } from './fact.js';
import { HEALTH_MONITOR_FACTS } from './pool-facts.js';

const HEADERS: readonly string[] = ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'];

/** What the settings of listeners and pools must not be. */
const SETTINGS_FACTS: readonly Fact<OctaviaSettings>[] = [
  {
    source: 'security fix cad62902e of Octavia (2026-07): tls_ciphers reach haproxy.cfg unchecked on older clouds',
    objection: ({ listener, pool }) =>
      [listener.tlsCiphers, pool.tls?.ciphers].some(
        (ciphers) => ciphers !== undefined && !/^[\w:+!@=.-]+$/.test(ciphers),
      )
        ? "[octavia] tls_ciphers and pool_tls_ciphers are lists in OpenSSL's format, without white space"
        : undefined,
  },
  {
    source: 'API of Octavia: other insert_headers get 400',
    objection: ({ listener }) => {
      const unknown = listener.insertHeaders.find((name) => !HEADERS.includes(name));
      return unknown === undefined
        ? undefined
        : `[octavia] insert_headers: ${unknown} is none of ${HEADERS.join(', ')}`;
    },
  },
  {
    source: 'API of Octavia: APP_COOKIE without cookie_name gets 400; the name stands in haproxy.cfg',
    objection: ({ pool: { sessionPersistence } }) =>
      sessionPersistence?.type === 'APP_COOKIE' && !/^[\w.-]+$/.test(sessionPersistence.cookieName ?? '')
        ? '[octavia] session_persistence = APP_COOKIE needs session_cookie_name, the name of a cookie'
        : undefined,
  },
  {
    source: 'those of the health monitors that are made of these settings',
    objection: ({ pool: { healthMonitor } }) => {
      if (healthMonitor === undefined) return undefined;
      const reason = objectionTo(HEALTH_MONITOR_FACTS, healthMonitor);
      return reason === undefined ? undefined : `[octavia] health_monitor: ${reason}`;
    },
  },
];

/** @throws ConfigurationError */
export function checkSettings(settings: OctaviaSettings): void {
  const reason = objectionTo(SETTINGS_FACTS, settings);
  if (reason !== undefined) throw new ConfigurationError(reason);
}
