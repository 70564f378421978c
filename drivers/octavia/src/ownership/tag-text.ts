export { encodeTagText, tagsOfText, textOfTags } from '@kuryr-l7/openstack';
