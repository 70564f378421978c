/** Default of what one test may take: health monitors, outside routers and clouds take their time, and busy machines more. */
export const TEST_TIMEOUT_MILLISECONDS = 180_000;
