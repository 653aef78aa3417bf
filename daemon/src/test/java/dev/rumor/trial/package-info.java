/// What the whole program is put through, and measured at: `daemon/src/test/trial --help`. A short run of each
/// trial that can fail is a test; the long runs and the figures are commands.
package dev.rumor.trial;
