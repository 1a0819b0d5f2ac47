# Attributes that change an argument before the engine converts it to the parameter's type. Types.ps1 runs this, and says why it is
# written so. Attributes of PowerShell classes would do the same, but take longer to make than all the other types, and each call of
# them, also for parameters that are not bound, takes as long as a function.

[System.Reflection.BindingFlags] $field = 'GetField'
[System.Reflection.MethodAttributes] $override = 'Public, HideBySig, Virtual'
$attribute = [System.Management.Automation.ArgumentTransformationAttribute]
$engine = [System.Management.Automation.EngineIntrinsics]
$invocation = [System.Management.Automation.CommandInvocationIntrinsics]
$commandTypes = [System.Management.Automation.CommandTypes]
$function = [System.Management.Automation.FunctionInfo]
$block = [System.Management.Automation.ScriptBlock]
$wrapper = [System.Management.Automation.PSObject]
$wrong = [System.FormatException]
$refusal = [System.Management.Automation.ArgumentTransformationMetadataException]
$generators = [System.Reflection.Emit.ILGenerator]
$operations = [System.Reflection.Emit.OpCodes]
[type[]] $noParameters = @()
[type[]] $transformed = $engine, $object
[type[]] $aText = @($text)
[type[]] $anObject = @($object)
[type[]] $aCommand = $text, $commandTypes
[type[]] $arguments = @([object[]])

$opLdarg0 = $operations.InvokeMember('Ldarg_0', $field, $null, $null, $null)
$opLdarg1 = $operations.InvokeMember('Ldarg_1', $field, $null, $null, $null)
$opLdarg2 = $operations.InvokeMember('Ldarg_2', $field, $null, $null, $null)
$opLdcI40 = $operations.InvokeMember('Ldc_I4_0', $field, $null, $null, $null)
$opLdcI41 = $operations.InvokeMember('Ldc_I4_1', $field, $null, $null, $null)
$opLdcI42 = $operations.InvokeMember('Ldc_I4_2', $field, $null, $null, $null)
$opLdstr = $operations.InvokeMember('Ldstr', $field, $null, $null, $null)
$opLdfld = $operations.InvokeMember('Ldfld', $field, $null, $null, $null)
$opNewarr = $operations.InvokeMember('Newarr', $field, $null, $null, $null)
$opStelemRef = $operations.InvokeMember('Stelem_Ref', $field, $null, $null, $null)
$opDup = $operations.InvokeMember('Dup', $field, $null, $null, $null)
$opPop = $operations.InvokeMember('Pop', $field, $null, $null, $null)
$opCall = $operations.InvokeMember('Call', $field, $null, $null, $null)
$opCallvirt = $operations.InvokeMember('Callvirt', $field, $null, $null, $null)
$opNewobj = $operations.InvokeMember('Newobj', $field, $null, $null, $null)
$opIsinst = $operations.InvokeMember('Isinst', $field, $null, $null, $null)
$opCastclass = $operations.InvokeMember('Castclass', $field, $null, $null, $null)
$opBrtrue = $operations.InvokeMember('Brtrue', $field, $null, $null, $null)
$opLdnull = $operations.InvokeMember('Ldnull', $field, $null, $null, $null)
$opRet = $operations.InvokeMember('Ret', $field, $null, $null, $null)
$opThrow = $operations.InvokeMember('Throw', $field, $null, $null, $null)

# class NullableText : ArgumentTransformationAttribute
# {
#     // Keeps null for a string parameter; the engine alone makes an empty text of it.
#     override object Transform(EngineIntrinsics engine, object value) => value ?? NullString.Value;
# }
$nullString = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, [System.Management.Automation.Language.NullString], @('get_Value', $noParameters)))
$type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('MgDeviceImage.NullableText', $class, $attribute)))
$method = $types.InvokeMember('DefineMethod', $call, $null, $type, @('Transform', $override, $object, $transformed))
$body = $any.InvokeMember('InvokeMember', $call, $null, $methods, @('GetILGenerator', $call, $null, $method, @()))
$given = $generators.InvokeMember('DefineLabel', $call, $null, $body, @())
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdarg2))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opBrtrue, $given))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCall, $nullString))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opRet))
$null = $generators.InvokeMember('MarkLabel', $call, $null, $body, @($given))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdarg2))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opRet))
$null = $types.InvokeMember('CreateType', $call, $null, $type, @())

# class ConvertedBy : ArgumentTransformationAttribute
# {
#     public string Function;
#
#     // Hands the argument to a function of the module, in the runspace that binds: an attribute serves all of them. A FormatException
#     // that it answers is the reason why there is no argument.
#     override object Transform(EngineIntrinsics engine, object value)
#     {
#         if (value == null) return null;   // also for every parameter that is not bound
#         var converted = ((FunctionInfo) engine.InvokeCommand.GetCommand("ConvertTo-Argument", CommandTypes.Function))
#             .ScriptBlock.InvokeReturnAsIs(new object[] { Function, value });
#         if (PSObject.AsPSObject(converted).BaseObject is FormatException wrong)
#             throw new ArgumentTransformationMetadataException(wrong.Message);
#         return converted;
#     }
# }
$invokeCommand = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, $engine, @('get_InvokeCommand', $noParameters)))
$getCommand = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, $invocation, @('GetCommand', $aCommand)))
$scriptBlock = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, $function, @('get_ScriptBlock', $noParameters)))
$invoke = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, $block, @('InvokeReturnAsIs', $arguments)))
$wrap = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, $wrapper, @('AsPSObject', $anObject)))
$unwrap = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, $wrapper, @('get_BaseObject', $noParameters)))
$reason = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, [System.Exception], @('get_Message', $noParameters)))
$refuse = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetConstructor', $call, $null, $refusal, @(, $aText)))
$type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('MgDeviceImage.ConvertedBy', $class, $attribute)))
$functionName = $types.InvokeMember('DefineField', $call, $null, $type, @('Function', $text, $public))
$method = $types.InvokeMember('DefineMethod', $call, $null, $type, @('Transform', $override, $object, $transformed))
$body = $any.InvokeMember('InvokeMember', $call, $null, $methods, @('GetILGenerator', $call, $null, $method, @()))
$given = $generators.InvokeMember('DefineLabel', $call, $null, $body, @())
$isWrong = $generators.InvokeMember('DefineLabel', $call, $null, $body, @())
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdarg2))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opBrtrue, $given))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdnull))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opRet))
$null = $generators.InvokeMember('MarkLabel', $call, $null, $body, @($given))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdarg1))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCallvirt, $invokeCommand))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdstr, 'ConvertTo-Argument'))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdcI42))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCallvirt, $getCommand))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCastclass, $function))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCallvirt, $scriptBlock))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdcI42))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opNewarr, $object))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opDup))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdcI40))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdarg0))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdfld, $functionName))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opStelemRef))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opDup))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdcI41))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opLdarg2))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opStelemRef))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCallvirt, $invoke))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opDup))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCall, $wrap))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCallvirt, $unwrap))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opIsinst, $wrong))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opDup))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opBrtrue, $isWrong))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opPop))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opRet))
$null = $generators.InvokeMember('MarkLabel', $call, $null, $body, @($isWrong))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opCallvirt, $reason))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opNewobj, $refuse))
$null = $generators.InvokeMember('Emit', $call, $null, $body, @($opThrow))
$null = $types.InvokeMember('CreateType', $call, $null, $type, @())
