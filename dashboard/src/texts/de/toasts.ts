import type da from "../da/toasts";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
