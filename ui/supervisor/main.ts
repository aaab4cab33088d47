// The guard stands alone before everything else: modules that touch Intl while loading must not come first.
import "../shared/locale-guard";

void import("./start");
