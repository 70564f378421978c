import { type JsonObject, type JsonValue, stringAt } from '../json.js';
import { update, updateStructure, withDefaults } from '../json-update.js';
import { defaultPodTemplate } from './pod.js';

export function defaultDeployment(deployment: JsonObject): JsonObject {
  return updateStructure(deployment, 'spec', (spec) => {
    const filled = withDefaults(spec, {
      progressDeadlineSeconds: 600,
      replicas: 1,
      revisionHistoryLimit: 10,
      strategy: {},
    });
    return defaultPodTemplate(
      update(filled, 'strategy', (strategy) =>
        defaultUpdateStrategy(strategy, { maxSurge: '25%', maxUnavailable: '25%' }),
      ),
    );
  });
}

export function defaultReplicaSet(replicaSet: JsonObject): JsonObject {
  return updateStructure(replicaSet, 'spec', (spec) => defaultPodTemplate(withDefaults(spec, { replicas: 1 })));
}

/** The playground stores StatefulSets but runs none; kubectl reads the strategy. */
export function defaultStatefulSet(statefulSet: JsonObject): JsonObject {
  return updateStructure(statefulSet, 'spec', (spec) => {
    const filled = withDefaults(spec, {
      podManagementPolicy: 'OrderedReady',
      replicas: 1,
      revisionHistoryLimit: 10,
      updateStrategy: {},
    });
    return defaultPodTemplate(
      update(filled, 'updateStrategy', (strategy) => defaultUpdateStrategy(strategy, { partition: 0 })),
    );
  });
}

/** As {@link defaultStatefulSet}. */
export function defaultDaemonSet(daemonSet: JsonObject): JsonObject {
  return updateStructure(daemonSet, 'spec', (spec) => {
    const filled = withDefaults(spec, { revisionHistoryLimit: 10, updateStrategy: {} });
    return defaultPodTemplate(
      update(filled, 'updateStrategy', (strategy) =>
        defaultUpdateStrategy(strategy, { maxSurge: 0, maxUnavailable: 1 }),
      ),
    );
  });
}

function defaultUpdateStrategy(strategy: JsonObject, rollingUpdate: Readonly<Record<string, JsonValue>>): JsonObject {
  const typed = withDefaults(strategy, { type: 'RollingUpdate' });
  if (stringAt(typed, 'type') !== 'RollingUpdate') return typed;
  return update(withDefaults(typed, { rollingUpdate: {} }), 'rollingUpdate', (rolling) =>
    withDefaults(rolling, rollingUpdate),
  );
}

/** Workloads that the playground stores but does not run: their Pods' defaults only. */
export function defaultTemplateOwner(owner: JsonObject): JsonObject {
  return update(owner, 'spec', defaultPodTemplate);
}
