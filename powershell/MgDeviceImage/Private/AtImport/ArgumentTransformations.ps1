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

$opLdarg0 = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldarg_0', $field, $null, $null, $null))
$opLdarg1 = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldarg_1', $field, $null, $null, $null))
$opLdarg2 = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldarg_2', $field, $null, $null, $null))
$opLdcI40 = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldc_I4_0', $field, $null, $null, $null))
$opLdcI41 = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldc_I4_1', $field, $null, $null, $null))
$opLdcI42 = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldc_I4_2', $field, $null, $null, $null))
$opLdstr = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldstr', $field, $null, $null, $null))
$opLdfld = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldfld', $field, $null, $null, $null))
$opNewarr = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Newarr', $field, $null, $null, $null))
$opStelemRef = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Stelem_Ref', $field, $null, $null, $null))
$opDup = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Dup', $field, $null, $null, $null))
$opPop = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Pop', $field, $null, $null, $null))
$opCall = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Call', $field, $null, $null, $null))
$opCallvirt = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Callvirt', $field, $null, $null, $null))
$opNewobj = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Newobj', $field, $null, $null, $null))
$opIsinst = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Isinst', $field, $null, $null, $null))
$opCastclass = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Castclass', $field, $null, $null, $null))
$opBrtrue = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Brtrue', $field, $null, $null, $null))
$opLdnull = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ldnull', $field, $null, $null, $null))
$opRet = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Ret', $field, $null, $null, $null))
$opThrow = $any.InvokeMember('InvokeMember', $call, $null, $operations, @('Throw', $field, $null, $null, $null))

# class NullableText : ArgumentTransformationAttribute
# {
#     // Keeps null for a string parameter; the engine alone makes an empty text of it.
#     override object Transform(EngineIntrinsics engine, object value) => value ?? NullString.Value;
# }
$nullString = $any.InvokeMember('InvokeMember', $call, $null, $any, @('GetMethod', $call, $null, [System.Management.Automation.Language.NullString], @('get_Value', $noParameters)))
$type = $any.InvokeMember('InvokeMember', $call, $null, $modules, @('DefineType', $call, $null, $module, @('MgDeviceImage.NullableText', $class, $attribute)))
$method = $any.InvokeMember('InvokeMember', $call, $null, $types, @('DefineMethod', $call, $null, $type, @('Transform', $override, $object, $transformed)))
$body = $any.InvokeMember('InvokeMember', $call, $null, $methods, @('GetILGenerator', $call, $null, $method, @()))
$given = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('DefineLabel', $call, $null, $body, @()))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdarg2)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opBrtrue, $given)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCall, $nullString)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opRet)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('MarkLabel', $call, $null, $body, @($given)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdarg2)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opRet)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $types, @('CreateType', $call, $null, $type, @()))

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
$functionName = $any.InvokeMember('InvokeMember', $call, $null, $types, @('DefineField', $call, $null, $type, @('Function', $text, $public)))
$method = $any.InvokeMember('InvokeMember', $call, $null, $types, @('DefineMethod', $call, $null, $type, @('Transform', $override, $object, $transformed)))
$body = $any.InvokeMember('InvokeMember', $call, $null, $methods, @('GetILGenerator', $call, $null, $method, @()))
$given = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('DefineLabel', $call, $null, $body, @()))
$isWrong = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('DefineLabel', $call, $null, $body, @()))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdarg2)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opBrtrue, $given)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdnull)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opRet)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('MarkLabel', $call, $null, $body, @($given)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdarg1)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCallvirt, $invokeCommand)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdstr, 'ConvertTo-Argument')))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdcI42)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCallvirt, $getCommand)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCastclass, $function)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCallvirt, $scriptBlock)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdcI42)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opNewarr, $object)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opDup)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdcI40)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdarg0)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdfld, $functionName)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opStelemRef)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opDup)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdcI41)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opLdarg2)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opStelemRef)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCallvirt, $invoke)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opDup)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCall, $wrap)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCallvirt, $unwrap)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opIsinst, $wrong)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opDup)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opBrtrue, $isWrong)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opPop)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opRet)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('MarkLabel', $call, $null, $body, @($isWrong)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opCallvirt, $reason)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opNewobj, $refuse)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $generators, @('Emit', $call, $null, $body, @($opThrow)))
$null = $any.InvokeMember('InvokeMember', $call, $null, $types, @('CreateType', $call, $null, $type, @()))
