import { ApiFault } from '../http/api-fault.js';

export function invalidArguments(message: string): ApiFault {
  return new ApiFault(400, `Invalid L7 Policy arguments: ${message}`);
}

export function ruleError(message: string): ApiFault {
  return new ApiFault(400, `Error parsing L7Rule: ${message}`);
}

export function poolInUse(poolId: string, policyId: string): ApiFault {
  return new ApiFault(409, `Pool ${poolId} is in use by L7 policy ${policyId}`);
}

export function tooManyRules(policyId: string): ApiFault {
  return new ApiFault(409, `Too many rules on L7 policy ${policyId}`);
}

/** POSTs that nest children which the schema takes and the code behind it does not. */
export function unhandledNesting(): ApiFault {
  return new ApiFault(500, "'dict' object has no attribute '_sa_instance_state'");
}

export function noChildren(protocol: string): ApiFault {
  return new ApiFault(400, `Protocol ${protocol} listeners cannot have child objects.`);
}
