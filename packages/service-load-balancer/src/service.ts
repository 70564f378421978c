import type { Service as RoutedService, EndpointSlice as RoutedSlice } from '@kuryr-l7/router';

type RoutedSpec = NonNullable<RoutedService['spec']>;

/** The parts of a v1 Service that its load balancer is made of. */
export interface Service extends Omit<RoutedService, 'metadata' | 'spec'> {
  readonly metadata: RoutedService['metadata'] & { readonly finalizers?: readonly string[] };
  readonly spec?: RoutedSpec & {
    readonly ipFamilies?: readonly string[];
    readonly ipFamilyPolicy?: string;
    readonly loadBalancerIP?: string;
    readonly loadBalancerClass?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly externalTrafficPolicy?: string;
    readonly healthCheckNodePort?: number;
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
  };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

/** The parts of a discovery.k8s.io/v1 EndpointSlice. */
export interface EndpointSlice extends Omit<RoutedSlice, 'endpoints'> {
  readonly endpoints?: readonly (NonNullable<RoutedSlice['endpoints']>[number] & { readonly nodeName?: string })[];
}

/** The parts of a v1 Node. */
export interface Node {
  readonly metadata: RoutedService['metadata'];
  readonly spec?: { readonly taints?: readonly { readonly key: string }[] };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
