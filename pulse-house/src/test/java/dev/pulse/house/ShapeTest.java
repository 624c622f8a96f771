package dev.pulse.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Public is the API; what is not made to be extended is final. */
class ShapeTest {
    private static final ArchRule CLASSES_ARE_FINAL = classes()
            .that(new DescribedPredicate<JavaClass>("are written by hand and concrete") {
                @Override
                public boolean test(JavaClass type) {
                    return type.isTopLevelClass()
                            && !type.isInterface()
                            && !type.isEnum()
                            && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                            && !type.getPackageName().equals("dev.pulse.protocol.v1");
                }
            })
            .should()
            .haveModifier(JavaModifier.FINAL);

    @Test
    void concreteClassIsFinal() {
        CLASSES_ARE_FINAL.check(House.classes());
    }

    @Test
    void openClassIsFound() {
        assertThat(House.findings(CLASSES_ARE_FINAL, OpenFixture.class)).hasSize(1);
    }
}

class OpenFixture {}
