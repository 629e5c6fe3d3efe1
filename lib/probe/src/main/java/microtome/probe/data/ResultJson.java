package microtome.probe.data;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedConstructor;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How results become JSON: a class is its fields, read back by the constructor that takes all of them under the same names;
 * one of a sealed type's classes also says which, as {@code kind}. So a result needs nothing but fields of plain values, and
 * its constructor checks what a file holds as it checks what a probe computed.
 */
final class ResultJson {
    private static final JsonTypeInfo.Value BY_SIMPLE_NAME = JsonTypeInfo.Value.construct(
            JsonTypeInfo.Id.SIMPLE_NAME, JsonTypeInfo.As.PROPERTY, "kind", null, false, null, null);

    static final ObjectMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new ByConstructor())
            .visibility(PropertyAccessor.ALL, Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private ResultJson() {}

    private static final class ByConstructor extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public String findImplicitPropertyName(AnnotatedMember member) {
            return member instanceof AnnotatedParameter parameter
                            && parameter.getOwner() instanceof AnnotatedConstructor constructor
                    ? constructor
                            .getAnnotated()
                            .getParameters()[parameter.getIndex()]
                            .getName()
                    : null;
        }

        @Override
        public JsonCreator.Mode findCreatorAnnotation(MapperConfig<?> config, Annotated annotated) {
            return annotated.getAnnotated() instanceof Constructor<?> constructor
                            && isOurs(constructor.getDeclaringClass())
                            && constructor.equals(ofAllFields(constructor.getDeclaringClass()))
                    ? JsonCreator.Mode.PROPERTIES
                    : null;
        }

        @Override
        public TypeResolverBuilder<?> findTypeResolver(MapperConfig<?> config, AnnotatedClass type, JavaType base) {
            return isFamily(base.getRawClass()) ? new StdTypeResolverBuilder(BY_SIMPLE_NAME) : null;
        }

        @Override
        public List<NamedType> findSubtypes(Annotated annotated) {
            var found = new ArrayList<NamedType>();
            collect(annotated.getRawType(), found);
            return found.isEmpty() ? null : found;
        }

        /** An enum whose constants have bodies is sealed too, and is written by its name all the same. */
        private static boolean isFamily(Class<?> type) {
            return type.isSealed() && !type.isEnum();
        }

        private static void collect(Class<?> type, List<NamedType> found) {
            if (!isFamily(type)) {
                return;
            }
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                found.add(new NamedType(permitted, permitted.getSimpleName()));
                collect(permitted, found);
            }
        }

        private static boolean isOurs(Class<?> type) {
            return type.getName().startsWith("microtome.");
        }

        private static Constructor<?> ofAllFields(Class<?> type) {
            return Arrays.stream(type.getDeclaredConstructors())
                    .max(Comparator.comparingInt(Constructor::getParameterCount))
                    .orElse(null);
        }
    }

    /** The type of results of this class. */
    static JavaType type(Class<?> result) {
        return MAPPER.constructType(result);
    }
}
