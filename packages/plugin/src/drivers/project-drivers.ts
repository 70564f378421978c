import type { ObjectOf, PODS, SERVICES } from '@kuryr-l7/kube';
import type { Driver } from './driver.js';

/** Says in which project of OpenStack the ports of a Pod are. Named by `[kubernetes] pod_project_driver`. */
export interface PodProjectDriver extends Driver {
  /**
   * @returns the id of a project
   * @throws ConfigurationError, NotReadyError
   */
  getProject(pod: ObjectOf<typeof PODS>, signal: AbortSignal): Promise<string>;
  /**
   * Ids of all projects that `getProject` may return by the settings of now: what is kept ready in others is let go of. Not
   * there where the driver does not know beforehand.
   * @throws as `getProject`
   */
  allProjects?(signal: AbortSignal): Promise<readonly string[]>;
}

/** Says in which project of OpenStack what a Service has is. Named by `[kubernetes] service_project_driver`. */
export interface ServiceProjectDriver extends Driver {
  /**
   * @returns the id of a project
   * @throws ConfigurationError, NotReadyError
   */
  getProject(service: ObjectOf<typeof SERVICES>, signal: AbortSignal): Promise<string>;
}
