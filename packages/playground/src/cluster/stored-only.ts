import type { SchemaProvider } from '../api-server/index.js';

/** Kinds that are stored and that nothing acts on, by their storage: what is missing, and what to use. */
const STORED_ONLY: Readonly<Record<string, string>> = {
  'cronjobs.batch': 'the playground runs no CronJobs; use a Deployment',
  'daemonsets.apps': 'the playground runs no DaemonSets; use a Deployment',
  'horizontalpodautoscalers.autoscaling': 'the playground scales nothing by itself; use kubectl scale',
  'jobs.batch': 'the playground runs no Jobs; use a Deployment, or a Pod',
  limitranges: 'the playground keeps to no LimitRanges; its Pods use no resources',
  'networkpolicies.networking.k8s.io': 'the playground keeps to no NetworkPolicies; every Pod answers everybody',
  persistentvolumeclaims: 'the playground has no volumes; its Pods read and write no files',
  persistentvolumes: 'the playground has no volumes; its Pods read and write no files',
  'poddisruptionbudgets.policy': 'the playground keeps to no PodDisruptionBudgets; every eviction succeeds',
  replicationcontrollers: 'the playground runs no ReplicationControllers; use a Deployment',
  resourcequotas: 'the playground keeps to no ResourceQuotas; its Pods use no resources',
  'statefulsets.apps': 'the playground runs no StatefulSets; use a Deployment',
};

/** Warns whoever writes an object that nothing will come of. */
export function withStoredOnlyWarnings(schema: SchemaProvider): SchemaProvider {
  return {
    ...schema,
    admit(definition, object, context) {
      const admission = schema.admit(definition, object, context);
      const warning = STORED_ONLY[definition.storage];
      if (warning === undefined || context.subresource !== '') return admission;
      return { ...admission, warnings: [...admission.warnings, warning] };
    },
  };
}
