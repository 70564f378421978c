import { type JsonObject, stringAt } from '../json.js';
import { update, withDefaults } from '../json-update.js';
import { defaultPodTemplate } from './pod.js';

export function defaultDeployment(deployment: JsonObject): JsonObject {
  return update(deployment, 'spec', (spec) => {
    const filled = withDefaults(spec, {
      progressDeadlineSeconds: 600,
      replicas: 1,
      revisionHistoryLimit: 10,
      strategy: {},
    });
    return defaultPodTemplate(update(filled, 'strategy', defaultStrategy));
  });
}

function defaultStrategy(strategy: JsonObject): JsonObject {
  const typed = withDefaults(strategy, { type: 'RollingUpdate' });
  if (stringAt(typed, 'type') !== 'RollingUpdate') return typed;
  return update(withDefaults(typed, { rollingUpdate: {} }), 'rollingUpdate', (rolling) =>
    withDefaults(rolling, { maxSurge: '25%', maxUnavailable: '25%' }),
  );
}

export function defaultReplicaSet(replicaSet: JsonObject): JsonObject {
  return update(replicaSet, 'spec', (spec) => defaultPodTemplate(withDefaults(spec, { replicas: 1 })));
}

/** Workloads that the playground stores but does not run: their Pods' defaults only. */
export function defaultTemplateOwner(owner: JsonObject): JsonObject {
  return update(owner, 'spec', defaultPodTemplate);
}
