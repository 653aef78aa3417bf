package dev.rumor.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rumor.Config;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `deploy/kubernetes`: every field is one that Kubernetes knows, and what refers to something finds it.
class KubernetesTest {

    private final StatefulSet daemons = Manifests.one(StatefulSet.class);
    private final PodSpec pod = daemons.getSpec().getTemplate().getSpec();
    private final Container daemon = pod.getContainers().getFirst();

    @Test
    void everyFieldIsKnown() {
        assertThat(Manifests.all())
                .hasSize(5)
                .allSatisfy(each -> assertThat(Manifests.unknownFields(each)).isEmpty());
    }

    @Test
    void aFieldThatIsMisspeltIsFound() {
        HasMetadata misspelt = Manifests.parse(Tool.file("deploy/kubernetes/statefulset.yaml")
                .replace("replicas:", "replicaz:")
                .replace("imagePullPolicy:", "imagePulPolicy:"));
        assertThat(Manifests.unknownFields(misspelt))
                .containsExactlyInAnyOrder(
                        "StatefulSet.spec.replicaz", "StatefulSet.spec.template.spec.containers[0].imagePulPolicy");
        assertThatThrownBy(() -> Manifests.parse(
                        Tool.file("deploy/kubernetes/statefulset.yaml").replace("replicas: 5", "replicas: five")))
                .hasMessageContaining("five");
    }

    @Test
    void theyAreAppliedTogetherButForWhatOnlyTheOperatorKnows() {
        List<String> files = Manifests.files();
        String together = Tool.file("deploy/kubernetes/kustomization.yaml");
        assertThat(files)
                .allSatisfy(file -> assertThat(together.contains("\n  - " + file + "\n"))
                        .as(file)
                        .isEqualTo(!file.equals("servicemonitor.yaml")));
    }

    @Test
    void thePodsAreThoseThatServicesBudgetAndSetSpeakOf() {
        Map<String, String> labels =
                daemons.getSpec().getTemplate().getMetadata().getLabels();
        assertThat(labels.entrySet())
                .containsAll(daemons.getSpec().getSelector().getMatchLabels().entrySet())
                .containsAll(Manifests.one(PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels()
                        .entrySet());
        assertThat(Manifests.all(Service.class)).hasSize(2).allSatisfy(service -> {
            assertThat(labels.entrySet())
                    .containsAll(service.getSpec().getSelector().entrySet());
            assertThat(service.getSpec().getPorts())
                    .allSatisfy(port -> assertThat(daemon.getPorts())
                            .filteredOn(each ->
                                    each.getName().equals(port.getTargetPort().getStrVal()))
                            .extracting(ContainerPort::getContainerPort)
                            .containsExactly(port.getPort()));
        });
    }

    /// Or nobody would find anybody at the first start.
    @Test
    void theDaemonsStartTogetherAndFindEachOtherBeforeTheyAreReady() {
        assertThat(daemons.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        Service own = Manifests.all(Service.class).stream()
                .filter(each ->
                        each.getMetadata().getName().equals(daemons.getSpec().getServiceName()))
                .findFirst()
                .orElseThrow();
        assertThat(own.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(own.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(config().seeds()).hasToString("[" + own.getMetadata().getName() + ":7400]");
        assertThat(config().advertise().orElseThrow())
                .hasToString("rumor-0." + own.getMetadata().getName() + ":7400");
    }

    /// What the arguments say, as the daemon takes it.
    private Config config() {
        List<String> flags = daemon.getArgs();
        assertThat(flags.getFirst()).isEqualTo("daemon");
        Map<String, String> settings = new HashMap<>(Map.of("name", "rumor-0", "data-dir", "/data"));
        for (int k = 1; k < flags.size(); k++) {
            String name = flags.get(k).substring("--".length());
            boolean alone = k + 1 == flags.size() || flags.get(k + 1).startsWith("--");
            settings.put(name, alone ? "true" : flags.get(++k).replace("$(POD_NAME)", "rumor-0"));
        }
        return Config.of(settings);
    }

    @Test
    void probesAskWhatTheDaemonAnswers() {
        assertThat(Stream.of(daemon.getStartupProbe(), daemon.getLivenessProbe(), daemon.getReadinessProbe()))
                .extracting(Probe::getHttpGet)
                .allSatisfy(get -> assertThat(get.getPort().getStrVal()).isEqualTo("http"))
                .extracting(get -> get.getPath())
                .containsExactly("/live", "/live", "/ready");
    }

    @Test
    void allThatItWritesToIsMountedAndTheRestIsNotWritten() {
        assertThat(daemon.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(daemon.getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .containsExactlyInAnyOrder("/data", "/tmp");
        Stream<String> volumes = Stream.concat(
                daemons.getSpec().getVolumeClaimTemplates().stream()
                        .map(each -> each.getMetadata().getName()),
                pod.getVolumes().stream().map(each -> each.getName()));
        assertThat(volumes)
                .containsExactlyInAnyOrderElementsOf(daemon.getVolumeMounts().stream()
                        .map(VolumeMount::getName)
                        .toList());
    }

    /// The user of the image, who may write to the volume.
    @Test
    void itRunsAsTheUserOfTheImage() {
        String user = Tool.file("Dockerfile").replaceAll("(?s).*\nUSER (\\d+):\\d+\n.*", "$1");
        assertThat(pod.getSecurityContext().getRunAsUser()).hasToString(user);
        assertThat(pod.getSecurityContext().getFsGroup()).hasToString(user);
    }

    @Test
    void theMonitorFindsEveryDaemonOnce() {
        ServiceMonitor monitor = Manifests.one(ServiceMonitor.class);
        assertThat(Manifests.all(Service.class).stream()
                        .filter(service -> service.getMetadata()
                                .getLabels()
                                .entrySet()
                                .containsAll(monitor.getSpec()
                                        .getSelector()
                                        .getMatchLabels()
                                        .entrySet())))
                .hasSize(1)
                .allSatisfy(service -> assertThat(service.getSpec().getPorts())
                        .anyMatch(port -> port.getName()
                                .equals(monitor.getSpec()
                                        .getEndpoints()
                                        .getFirst()
                                        .getPort())));
    }
}
