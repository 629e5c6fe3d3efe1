package microtome.model.token.chat;

import java.beans.FeatureDescriptor;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/** Gives texts the methods that they have in Python, and lists their reverse; everything else is the engine's. */
final class TemplateMethods extends ELResolver {
    /** What {@code [::-1]} becomes, as the engine's slices have no step. */
    static final String REVERSED = "reversed_list";

    private TemplateMethods() {}

    /** These methods before those of the engine. */
    static ELResolver before(ELResolver others) {
        CompositeELResolver all = new CompositeELResolver();
        all.add(new TemplateMethods());
        all.add(others);
        return all;
    }

    @Override
    public Object invoke(ELContext context, Object base, Object method, Class<?>[] types, Object[] given) {
        if (!(base instanceof String text) || !PythonText.has(method.toString())) {
            return null;
        }
        context.setPropertyResolved(true);
        return PythonText.call(text, method.toString(), given == null ? new Object[0] : given);
    }

    @Override
    public Object getValue(ELContext context, Object base, Object property) {
        if (!REVERSED.equals(property)) {
            return null;
        }
        if (base instanceof List<?> list) {
            context.setPropertyResolved(true);
            return List.copyOf(list.reversed());
        }
        if (base instanceof String text) {
            context.setPropertyResolved(true);
            return new StringBuilder(text).reverse().toString();
        }
        return null;
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, Object base) {
        return null;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
        return Collections.emptyIterator();
    }

    @Override
    public Class<?> getType(ELContext context, Object base, Object property) {
        return null;
    }

    @Override
    public boolean isReadOnly(ELContext context, Object base, Object property) {
        return true;
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {
        // Nothing can be set here.
    }
}
