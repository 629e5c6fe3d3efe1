package microtome.cli;

import microtome.Microtome;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class LibraryVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"microtome " + Microtome.version()};
    }
}
