import type da from "../da/sign-ins";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
