package io.github.moshivis.spring;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.micrometer.MoshiVisMeters;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * One bean, the model, loaded while the application starts and closed when it ends; with graceful shutdown, and health and meters if the
 * application has the actuator. If the application defines a bean of type {@link MoshiVis}, that model is used instead.
 */
@AutoConfiguration
@EnableConfigurationProperties(MoshiVisProperties.class)
public class MoshiVisAutoConfiguration {
    /** Called by Spring. */
    public MoshiVisAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    MoshiVis moshiVis(MoshiVisProperties properties, ObjectProvider<LoadOptionsCustomizer> customizers) {
        LoadOptions options = properties.loadOptions();
        List<LoadOptionsCustomizer> ordered = customizers.orderedStream().toList();
        for (LoadOptionsCustomizer customizer : ordered) {
            options = customizer.customize(options);
        }
        return MoshiVis.load(properties.requiredModel(), options);
    }

    @Bean
    ConversationsLifecycle moshiVisConversationsLifecycle(MoshiVis model) {
        return new ConversationsLifecycle(model);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class Health {
        @Bean
        @ConditionalOnEnabledHealthIndicator("moshivis")
        HealthIndicator moshiVisHealthIndicator(MoshiVis model) {
            return new MoshiVisHealthIndicator(model);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Meters {
        @Bean
        MeterBinder moshiVisMeters(MoshiVis model) {
            return new MoshiVisMeters(model, Tags.empty());
        }
    }
}
